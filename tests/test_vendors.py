"""Who made the chip: the longest prefix wins, nothing is guessed, and nothing ever reaches the network or a cache."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotsweep.vendors import Vendors, VendorTableError, load_vendors
from tools.build_vendors import make_table, read_register

# Facts of the IEEE registers as of 2026-06-08: one row per prefix, with the register that it stands in.
REGISTERED = [
    ("MA-L", "000078", "LABTAM LIMITED"),
    ("MA-L", "EC8892", "Motorola Mobility LLC, a Lenovo Company"),
    ("MA-L", "DCAE04", "CELOXICA Ltd"),
    ("MA-L", "2028BC", "Visionscape Co,. Ltd."),
    ("MA-L", "0015BE", "Iqua Ltd."),
    ("MA-L", "000DB2", "Ammasso, Inc."),
    ("MA-L", "0000FF", "CAMTEC ELECTRONICS LTD."),
    ("MA-M", "F81D78E", "GUANGDONG ENOK COMMUNICATION CO., LTD."),
    ("MA-M", "0826AED", "Veth Propulsion bv"),
    ("MA-M", "6CDFFB1", "Chongqing Baoli Yota Technologies Limited"),
    ("MA-M", "7C477CA", "Dspread Technology (Beijing) Inc."),
    ("MA-M", "08ED021", "Imperx, Inc"),
    ("MA-M", "D014119", "Airthings"),
    ("MA-M", "58E876B", "Annapurna labs"),
    ("MA-S", "70B3D5353", "Digital Outfit"),
    ("MA-S", "70B3D50EF", "Dextera Labs"),
    ("MA-S", "70B3D5B1F", "TECNOWATT"),
    ("MA-S", "70B3D50F3", "MonsoonRF, Inc."),
    ("MA-S", "70B3D55F4", "FDSTiming"),
    ("MA-S", "70B3D55AE", "TinTec Co., Ltd."),
    ("MA-S", "70B3D55AB", "Sea Air and Land Communications Ltd"),
    ("IAB", "0050C28FC", "Symetrics Industries"),
    ("IAB", "40D855153", "BlinkPipe Ltd"),
    ("IAB", "40D85509D", "EMAC, Inc."),
    ("IAB", "0050C2868", "Aethon, Inc."),
    ("MA-M", "741AE09", None),
    ("MA-L", "240AC4", "Espressif Inc."),
    ("MA-S", "8C1F64AFA", "DATA ELECTRONIC DEVICES, INC"),
]
SPELLINGS = ["001b63aabbcc", "00:1B:63:aa:bb:cc", "00-1b-63-AA-BB-CC", "001b.63aa.bbcc", "0:1b:63:a:b:c"]
FULL_WIDTH = "\uff10\uff11" * 6  # int() reads these digits
JUNK = ["", "junk", "00:11", "0x1122334455", "00_11_22_33_44_55", "+01122334455", "1" * 99, FULL_WIDTH]
TABLE = b"# MAC vendors of a test\t2026-01-01\n001122\tCimsys\n0050C2F71\tRF Code\n70B3D5\t\n70B3D5F2F\t\n"


@pytest.mark.parametrize(("register", "prefix", "holder"), REGISTERED)
def test_a_registered_prefix_gives_its_holder(register: str, prefix: str, holder: str | None) -> None:
    assert register in {"MA-L", "MA-M", "MA-S", "IAB"}
    assert load_vendors().name(prefix.ljust(12, "5")) == holder


@pytest.mark.parametrize("mac", SPELLINGS)
def test_every_spelling_of_an_address_is_read(mac: str) -> None:
    assert load_vendors().name(mac) == "Apple, Inc."


@pytest.mark.parametrize("mac", JUNK)
def test_junk_has_no_vendor(mac: str) -> None:
    assert load_vendors().name(mac) is None
    assert not load_vendors().is_local(mac)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert load_vendors().name(text) is None or len(text) >= 5  # 0:0:0 is a prefix
    assert load_vendors().is_local(text) in {True, False}


def test_an_address_that_the_device_chose_itself_has_no_vendor() -> None:
    assert load_vendors().is_local("02:1b:63:00:00:01")
    assert load_vendors().name("02:1b:63:00:00:01") is None
    assert load_vendors().name("AA:00:04:00:00:01") is None  # DEC's block of before the local bit
    assert not load_vendors().is_local("00:1b:63:00:00:01")


def test_a_divided_block_does_not_speak_for_its_unregistered_parts() -> None:
    assert load_vendors().name("70:B3:D5") is None
    assert Vendors(TABLE).name("70:B3:D5:F2:F0:01") is None
    assert Vendors(TABLE).name("00:50:C2:F7:1F:FF") == "RF Code"
    assert Vendors(TABLE).name("00:50:C2:F7:2F:FF") is None


def test_the_table_says_its_day_and_its_hash() -> None:
    assert load_vendors().date == "2026-06-08"
    assert load_vendors().sha256 == "ec0cb78e8f9574497e2e55c1043dcaad08747c1ab7e805a33fb62c7ced4e5931"
    assert load_vendors() is load_vendors()


@pytest.mark.parametrize("table", [b"", b"\n", b"001122\tCimsys\n", b"\xff" * 99])
def test_a_damaged_table_is_refused_with_a_remedy(table: bytes) -> None:
    with pytest.raises(VendorTableError, match="install iotsweep again"):
        Vendors(table)


def test_an_empty_table_never_sends_the_package_looking_for_its_own() -> None:
    with pytest.raises(VendorTableError, match="empty"):
        Vendors(b"# MAC vendors of a test\t2026-01-01\n").name("00:11:22:33:44:55")


def test_a_lookup_works_inside_a_running_loop_and_opens_nothing() -> None:
    program = """
import asyncio, socket, sys
opened = []
sys.addaudithook(lambda event, args: opened.append((event, args)) if event in {"open", "socket.__new__"} else None)
from iotsweep.vendors import load_vendors
vendors = load_vendors()
loaded = [args[0] for event, args in opened if event == "open" and "mac-vendors" in str(args[0])]
looped = asyncio.new_event_loop()
opened.clear()
def refuse(*_): raise AssertionError("a socket was opened")
socket.socket.__init__ = refuse
assert vendors.name("00:1b:63:00:00:01") == "Apple, Inc."
assert vendors.name("fc:ff:ff:00:00:01") is None
assert not [entry for entry in opened if entry[0] == "open"], opened
assert len(loaded) == 1 and loaded[0].endswith("iotsweep/data/mac-vendors.tsv.gz"), loaded
assert "mac_vendor_lookup" in sys.modules
assert not {"aiohttp", "aiofiles"} & set(sys.modules)
async def inside(): return vendors.name("00:1b:63:00:00:01")
assert looped.run_until_complete(inside()) == "Apple, Inc."
looped.close()
"""
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": "src"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_socket_is_opened_by_a_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert Vendors(TABLE).name("00:11:22:33:44:55") == "Cimsys"
    assert Vendors(TABLE).name("00:11:23:33:44:55") is None


def test_a_table_is_the_same_whatever_the_order_of_its_rows() -> None:
    rows = [("001122", "B"), ("001122", "A"), ("0050C2F71", "Private"), ("70B3D5", "IEEE Registration Authority")]
    assert make_table(rows, "2026-01-01") == make_table(rows[::-1], "2026-01-01")
    assert make_table(rows, "2026-01-01").splitlines()[1:] == [b"001122\tA / B", b"0050C2F71\t"]


def test_a_register_with_a_broken_row_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "oui.csv"
    path.write_text('Registry,Assignment,Organization Name,Organization Address\nMA-L,00112,"Short",\n')
    with pytest.raises(ValueError, match=r"oui\.csv, row 2"):
        list(read_register(path))
    path.write_text('Registry,Assignment,Organization Name,Organization Address\nMA-L,0011aa,"Two  words",\n')
    assert list(read_register(path)) == [("0011AA", "Two words")]


def test_every_holder_is_listed_once() -> None:
    assert sorted(Vendors(TABLE).names()) == ["Cimsys", "RF Code"]
    assert "Espressif Inc." in set(load_vendors().names())
