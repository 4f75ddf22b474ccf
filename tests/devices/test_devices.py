"""Gathering observations into physical things."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotsweep.devices import gather
from iotsweep.devices.addresses import eui64_mac, ip_of, mac_of, uuid_of
from iotsweep.devices.building import name_ids
from iotsweep.model import Device, DeviceRole, Observation, Scope

LAPTOP, ROUTER, CAMERA, SPEAKER, EXTENDER = (f"3c:00:00:00:00:0{digit}" for digit in (1, 2, 3, 4, 5))
SCOPE = Scope("192.168.1.0/24", "wlan0", "192.168.1.2", LAPTOP, "192.168.1.1")
UUID = "4d454930-0000-1000-8000-aabbccddeeff"


class Makers:
    """A vendor table with one maker."""

    def name(self, mac: str, /) -> str | None:
        return f"Maker {mac[-1]}" if mac.startswith("3c:") else None


def saw(ip: str | None = None, mac: str | None = None, probe: str = "test", **facts: str | list[str]) -> Observation:
    """An observation; `mdns_host` stands for the key `mdns.host`, `mdns_txt_ci` for `mdns.txt.ci`."""
    pairs = [
        (key.replace("_", ".", 2 if key.startswith("mdns_txt") else 1), value)
        for key, values in facts.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return Observation(probe, "2026-11-22T10:00:00.000000Z", mac, ip, tuple(sorted(pairs)))


def arp(ip: int | str, mac: str) -> Observation:
    """An ARP reply from 192.168.1.<ip>."""
    address = f"192.168.1.{ip}" if isinstance(ip, int) else ip
    return saw(address, mac, "arp", mac_address=mac, ip_v4=address)


def find(devices: Sequence[Device], address: str) -> Device:
    """The one device with this address."""
    (found,) = [device for device in devices if address in device.ipv4 + device.ipv6]
    return found


def gather_here(*observations: Observation) -> tuple[Device, ...]:
    return gather(observations, SCOPE, Makers())


def test_nothing_seen_is_no_device() -> None:
    assert gather_here() == ()


def test_replies_of_several_protocols_from_one_address_are_one_device() -> None:
    (device,) = gather_here(arp(20, CAMERA), saw("192.168.1.20", tcp_554="open"), saw("192.168.1.20", rtsp_server="X"))
    assert device.macs == (CAMERA,)
    assert device.ipv4 == ("192.168.1.20",)
    assert device.seen == (0, 1, 2)
    assert device.vendor == "Maker 3"
    assert device.role is DeviceRole.DEVICE


def test_a_mac_with_two_or_three_addresses_is_one_device_with_several_interfaces() -> None:
    (device,) = gather_here(arp(20, CAMERA), arp(21, CAMERA), arp(22, CAMERA))
    assert device.ipv4 == ("192.168.1.20", "192.168.1.21", "192.168.1.22")
    assert device.answers_for == ()


def test_ipv6_addresses_join_by_mac_by_record_and_by_the_mac_inside_them() -> None:
    devices = gather_here(
        arp(20, CAMERA),
        saw("fe80::1", CAMERA),
        saw("192.168.1.20", mdns_host="cam.local", ip_v6="fd00::20"),
        saw("fd00::20", tcp_443="open"),
        saw("fe80::3e00:ff:fe00:3", tcp_80="open"),
    )
    (device,) = devices
    assert device.ipv6 == ("fd00::20", "fe80::1", "fe80::3e00:ff:fe00:3")


def test_an_ipv6_address_that_stands_beside_a_hardware_address_is_its_own() -> None:
    devices = gather_here(
        saw(None, CAMERA, mac_address=CAMERA, ip_v6="fd00::20"), saw("192.168.1.30", SPEAKER, ip_v6="fd00::20")
    )
    assert find(devices, "fd00::20").macs == (CAMERA,)


def test_an_ipv6_answer_with_the_same_uuid_or_host_name_joins_the_device() -> None:
    devices = gather_here(
        saw("192.168.1.20", CAMERA, upnp_udn=f"uuid:{UUID}"),
        saw("fe80::20", ssdp_usn=f"uuid:{UUID}::upnp:rootdevice"),
        saw("192.168.1.21", SPEAKER, mdns_host="Kitchen.local."),
        saw("fe80::21", mdns_host="kitchen.local"),
    )
    assert [device.ipv6 for device in devices] == [("fe80::20",), ("fe80::21",)]


def test_two_cameras_that_share_a_uuid_and_a_certificate_stay_two() -> None:
    same = {"upnp_udn": f"uuid:{UUID}", "tls_sha256": "ab" * 32, "mdns_host": "ipcam.local"}
    devices = gather_here(
        saw("192.168.1.20", CAMERA, **same), saw("192.168.1.21", SPEAKER, **same), saw("fe80::9", **same)
    )
    assert len(devices) == 3  # the third could be either one's: it is kept rather than guessed


def test_a_certificate_ties_only_when_exactly_two_places_show_it() -> None:
    here = saw("192.168.1.20", CAMERA, tls_sha256="ab" * 32)
    there = saw("fe80::20", tls_sha256="ab" * 32)
    assert len(gather_here(here, there)) == 1
    assert len(gather_here(here, there, saw("fe80::21", tls_sha256="ab" * 32))) == 3


def test_a_record_that_names_another_devices_address_does_not_take_it_over() -> None:
    liar = saw("192.168.1.30", SPEAKER, ip_v4="192.168.1.20", mdns_txt_mac=CAMERA, mac_address=CAMERA)
    devices = gather_here(arp(20, CAMERA), liar)
    assert find(devices, "192.168.1.20").seen == (0,)
    assert find(devices, "192.168.1.30").macs == (SPEAKER,)


def test_an_address_that_two_devices_claim_belongs_to_neither() -> None:
    devices = gather_here(saw("192.168.1.20", CAMERA, ip_v6="fd00::5"), saw("192.168.1.21", SPEAKER, ip_v6="fd00::5"))
    assert [device.ipv6 for device in devices] == [(), ()]


def test_a_proxy_that_answers_for_many_silent_addresses_is_one_device() -> None:
    ghosts = [arp(number, EXTENDER) for number in range(50, 150)]
    devices = gather_here(*ghosts, saw("192.168.1.60", tcp_80="open", http_server="proxy"), arp(20, CAMERA))
    assert len(devices) == 2
    proxy = find(devices, "192.168.1.60")
    assert proxy.role is DeviceRole.PROXY
    assert proxy.ipv4 == ("192.168.1.60",)
    assert len(proxy.answers_for) == 99


def test_a_proxy_without_any_service_claims_no_address_as_its_own() -> None:
    (proxy,) = gather_here(*(arp(number, EXTENDER) for number in range(50, 60)))
    assert (proxy.role, proxy.ipv4, len(proxy.answers_for)) == (DeviceRole.PROXY, (), 10)


def test_the_one_device_that_shows_itself_behind_a_silent_router_is_not_the_router() -> None:
    ghosts = [arp(1, ROUTER), *(arp(number, ROUTER) for number in range(50, 60))]
    devices = gather_here(*ghosts, saw("192.168.1.55", tcp_554="open", rtsp_server="camera"))
    router, camera = find(devices, "192.168.1.1"), find(devices, "192.168.1.55")
    assert (router.role, router.ipv4) == (DeviceRole.ROUTER, ("192.168.1.1",))
    assert (camera.role, camera.ipv4) == (DeviceRole.DEVICE, ("192.168.1.55",))


def test_the_router_that_answers_for_silent_addresses_keeps_its_own() -> None:
    devices = gather_here(arp(1, ROUTER), *(arp(number, ROUTER) for number in range(50, 60)))
    assert [(d.role, d.ipv4, len(d.answers_for)) for d in devices] == [(DeviceRole.ROUTER, ("192.168.1.1",), 10)]


def test_clients_behind_a_repeater_are_devices_of_their_own_and_say_so() -> None:
    devices = gather_here(
        *(arp(number, EXTENDER) for number in range(10, 15)),
        saw("192.168.1.10", http_title="Extender 00:00:05"),
        saw("192.168.1.11", mdns_host="cam.local", rtsp_server="Hipcam"),
        saw("192.168.1.12", mdns_host="tv.local"),
    )
    extender = find(devices, "192.168.1.10")
    assert extender.role is DeviceRole.PROXY
    assert extender.answers_for == tuple(f"192.168.1.{n}" for n in (11, 12, 13, 14))
    assert extender.vendor == "Maker 5"
    for address in ("192.168.1.11", "192.168.1.12"):
        client = find(devices, address)
        assert (client.role, client.macs, client.bridge) == (DeviceRole.DEVICE, (EXTENDER,), extender.id)
        assert client.vendor is None  # the MAC is the repeater's
    assert len({device.id for device in devices}) == 3


def test_two_addresses_on_one_mac_with_different_names_are_two_devices() -> None:
    devices = gather_here(
        arp(10, EXTENDER),
        arp(11, EXTENDER),
        saw("192.168.1.10", upnp_udn=f"uuid:{UUID[:-6]}000005"),
        saw("192.168.1.11", upnp_udn=f"uuid:{UUID}"),
    )
    assert len(devices) == 2
    assert find(devices, "192.168.1.11").bridge == find(devices, "192.168.1.10").id


def test_a_box_that_answers_everywhere_in_the_same_words_is_one_device() -> None:
    portal = [saw(f"192.168.1.{n}", EXTENDER, tcp_80="open", http_title="Log in") for n in range(10, 40)]
    assert len(gather_here(*portal)) == 1


def test_two_interfaces_that_answer_for_the_same_addresses_are_one_device_with_both_macs() -> None:
    (device,) = gather_here(arp(20, CAMERA), arp(20, SPEAKER), arp(21, CAMERA), arp(21, SPEAKER))
    assert device.macs == (CAMERA, SPEAKER)
    assert device.ipv4 == ("192.168.1.20", "192.168.1.21")


def test_a_device_that_answers_for_the_routers_and_anothers_address_swallows_neither() -> None:
    devices = gather_here(
        arp(1, ROUTER),
        arp(20, CAMERA),
        arp(9, SPEAKER),
        arp(1, SPEAKER),
        arp(20, SPEAKER),
        saw("192.168.1.20", tcp_80="open"),
    )
    assert find(devices, "192.168.1.1").macs == (ROUTER,)
    assert find(devices, "192.168.1.20").macs == (CAMERA,)
    assert len(find(devices, "192.168.1.20").seen) == 2
    middle = find(devices, "192.168.1.9")
    assert (middle.role, middle.answers_for) == (DeviceRole.PROXY, ("192.168.1.1", "192.168.1.20"))


def test_a_client_seen_directly_and_through_a_repeater_is_one_device_with_its_own_mac() -> None:
    devices = gather_here(
        *(arp(number, EXTENDER) for number in range(10, 15)), arp(12, CAMERA), saw("192.168.1.12", tcp_80="open")
    )
    assert find(devices, "192.168.1.12").macs == (CAMERA,)


def test_the_laptop_and_the_router_are_told_apart() -> None:
    devices = gather_here(
        arp(1, ROUTER), saw("192.168.1.2", mdns_host="laptop.local"), saw(None, LAPTOP, dhcp_hostname="me")
    )
    assert [(device.role, device.macs) for device in devices] == [
        (DeviceRole.ROUTER, (ROUTER,)),
        (DeviceRole.LAPTOP, (LAPTOP,)),
    ]


def test_a_printer_announced_by_a_laptop_from_another_network_is_bridged() -> None:
    devices = gather_here(
        arp(30, SPEAKER),
        saw("192.168.1.30", mdns_host="mac.local"),
        saw("10.0.0.9", mdns_from="192.168.1.30", mdns_host="printer.local", mdns_service="_ipp._tcp.local."),
    )
    printer = find(devices, "10.0.0.9")
    assert (printer.role, printer.bridge) == (DeviceRole.BRIDGED, find(devices, "192.168.1.30").id)


def test_an_announcement_passed_on_for_a_device_that_is_here_belongs_to_that_device() -> None:
    devices = gather_here(
        arp(20, CAMERA), arp(30, SPEAKER), saw("192.168.1.20", mdns_from="192.168.1.30", mdns_name="Cam")
    )
    assert find(devices, "192.168.1.20").names == ("Cam",)
    assert len(devices) == 2


def test_an_inner_address_that_a_container_host_announces_is_the_host_itself() -> None:
    (device,) = gather_here(
        saw("192.168.1.30", SPEAKER, mdns_host="nas.local"),
        saw("172.17.0.1", mdns_from="192.168.1.30", mdns_host="nas.local"),
    )
    assert device.ipv4 == ("192.168.1.30", "172.17.0.1")


def test_accessories_that_a_homekit_bridge_speaks_for_are_devices_of_their_own() -> None:
    def accessory(identifier: str, category: str, name: str) -> Observation:
        facts = {
            "mdns.txt.id": identifier,
            "mdns.txt.ci": category,
            "mdns.name": name,
            "mdns.service": "_hap._tcp.local.",
        }
        return Observation("mdns", "2026-11-22T10:00:00.000000Z", None, "192.168.1.30", tuple(sorted(facts.items())))

    devices = gather_here(
        arp(30, SPEAKER),
        accessory("AA:00", "2", "Bridge"),
        accessory("AA:01", "17", "Porch cam"),
        accessory("AA:02", "6", "Door"),
    )
    bridge = find(devices, "192.168.1.30")
    assert bridge.names == ("Bridge",)
    bridged = [device for device in devices if device.role is DeviceRole.BRIDGED]
    assert [(device.names, device.bridge, device.ipv4) for device in sorted(bridged, key=lambda d: d.names)] == [
        (("Door",), bridge.id, ()),
        (("Porch cam",), bridge.id, ()),
    ]
    (single,) = gather_here(arp(30, SPEAKER), accessory("AA:01", "17", "Porch cam"))
    assert single.names == ("Porch cam",)


def test_a_frame_from_the_internet_is_the_routers_and_gives_it_no_address() -> None:
    (router,) = gather_here(arp(1, ROUTER), saw("203.0.113.7", ROUTER, tls_sha256="ab"))
    assert router.ipv4 == ("192.168.1.1",)
    assert router.seen == (0, 1)


def test_a_reply_without_any_address_is_still_a_device() -> None:
    devices = gather_here(saw(mdns_name="Nursery._hap._tcp.local."), saw(upnp_udn=f"uuid:{UUID}"), saw(http_title="x"))
    assert len(devices) == 3
    assert {device.ipv4 for device in devices} == {()}


def test_a_capture_without_a_scope_gathers_as_well() -> None:
    devices = gather([arp(20, CAMERA), arp("10.1.1.1", SPEAKER)], None, Makers())
    assert [device.role for device in devices] == [DeviceRole.DEVICE, DeviceRole.DEVICE]


def test_names_are_trimmed_unique_and_sorted_by_usefulness() -> None:
    (device,) = gather_here(
        saw("192.168.1.20", dns_name="living-room.fritz.box", mdns_host="LIVING-ROOM.local."),
        saw(
            "192.168.1.20", mdns_name="AABBCCDDEEFF@Living Room._raop._tcp.local.", upnp_friendly_name="Mum's TV\x1b[2J"
        ),
        saw("192.168.1.20", mdns_host=f"{UUID}.local"),
    )
    assert device.names == ("Mum's TV[2J", "Living Room", "LIVING-ROOM", UUID)


def test_a_device_that_announces_thousands_of_names_keeps_eight() -> None:
    (device,) = gather_here(saw("192.168.1.20", mdns_name=[f"n{number:04}" * 50 for number in range(3000)]))
    assert len(device.names) == 8
    assert max(map(len, device.names)) <= 80


def test_an_id_is_that_of_the_smallest_mac_and_never_shared() -> None:
    alone = gather_here(arp(20, CAMERA))[0].id
    assert gather_here(arp(77, CAMERA), arp(1, ROUTER), saw("192.168.1.77", tcp_80="open"))[1].id == alone
    ids = name_ids([f"{number}" for number in range(3000)])
    assert len(set(ids.values())) == 3000


@pytest.mark.parametrize(
    "text", ["", "zz", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "00:00:00:00:00:00", "3c:00:00:00:00"]
)
def test_text_that_is_no_device_address_is_no_mac(text: str) -> None:
    assert mac_of(text) is None


def test_addresses_are_read_as_devices_write_them() -> None:
    assert mac_of("E84F25000001") == mac_of("e8-4f-25-00-00-01") == "e8:4f:25:00:00:01"
    assert str(ip_of("fe80::1%eth0")) == "fe80::1"
    assert str(ip_of("::ffff:192.168.1.9")) == "192.168.1.9"
    assert ip_of("224.0.0.251") is ip_of("nonsense") is ip_of("127.0.0.1") is None
    assert uuid_of("uuid:00000000-0000-0000-0000-000000000000") is None
    address = ip_of("fe80::3e00:ff:fe00:3")
    assert address is not None
    assert eui64_mac(address) == CAMERA


_VALUES = {
    "mdns.host": ["a.local", "b.local"],
    "upnp.udn": [f"uuid:{UUID}", f"uuid:{UUID[:-1]}e"],
    "tls.sha256": ["aa", "bb"],
    "ip.v6": ["fd00::1", "fd00::2"],
    "ip.v4": ["192.168.1.20", "172.17.0.1"],
    "mdns.from": ["192.168.1.20", "192.168.1.30"],
    "mac.address": [CAMERA, SPEAKER],
    "mdns.txt.id": ["AA:00", "AA:01"],
    "mdns.service": ["_hap._tcp.local."],
    "mdns.txt.ci": ["2", "17"],
    "tcp.80": ["open"],
    "dhcp.hostname": ["x", "y"],
}
_FACT = st.sampled_from([(key, value) for key, values in _VALUES.items() for value in values])
_IPS = [f"192.168.1.{n}" for n in (1, 2, 20, 21, 22, 23, 30)] + [
    "fd00::1",
    "fe80::3e00:ff:fe00:3",
    "172.17.0.1",
    "8.8.8.8",
]
_OBSERVATION = st.builds(
    lambda probe, mac, ip, facts: Observation(
        f"p{probe}", "2026-11-22T10:00:00.000000Z", mac, ip, tuple(sorted(facts))
    ),
    st.integers(0, 10**6),
    st.none() | st.sampled_from([LAPTOP, ROUTER, CAMERA, SPEAKER, EXTENDER]),
    st.none() | st.sampled_from(_IPS),
    st.sets(_FACT, max_size=4),
)


def _view(devices: Sequence[Device], observations: Sequence[Observation]) -> list[object]:
    return [
        (
            d.id,
            d.role,
            d.macs,
            d.ipv4,
            d.ipv6,
            d.names,
            d.vendor,
            d.answers_for,
            d.bridge,
            sorted(map(repr, (observations[i] for i in d.seen))),
        )
        for d in devices
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(_OBSERVATION, max_size=14), st.randoms(use_true_random=False), st.booleans())
def test_order_of_arrival_never_changes_the_answer_and_nothing_seen_is_lost(
    observations: list[Observation], random: object, scoped: bool
) -> None:
    scope = SCOPE if scoped else None
    first = gather(observations, scope, Makers())
    shuffled = list(observations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _view(gather(shuffled, scope, Makers()), shuffled) == _view(first, observations)
    assert sorted(index for device in first for index in device.seen) == list(range(len(observations)))
    assert len({device.id for device in first}) == len(first)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda m, i, k, v: Observation("p", "t", m, i, ((k, v),)),
            st.text(max_size=20),
            st.text(max_size=20),
            st.sampled_from(list(_VALUES)),
            st.text(max_size=40),
        ),
        max_size=10,
    )
)
def test_hostile_text_in_any_field_never_breaks_gathering(observations: list[Observation]) -> None:
    devices = gather(observations, SCOPE, Makers())
    assert sum(len(device.seen) for device in devices) == len(observations)
