"""The device on the technician's desk: the line to it, what it is given, its test, its label, and the next one."""
