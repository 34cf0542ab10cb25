"""Consistency: every rule finds its planted fault, and stays silent on what merely looks like one."""
