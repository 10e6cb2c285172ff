"""The command line: `stillhouse`."""
