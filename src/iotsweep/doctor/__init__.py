"""What on this laptop limits a check or gives it away: facts read once, and one small check for each thing."""
