"""From interface to Scope, the guard that refuses anything outside it, and the only door for packets."""
