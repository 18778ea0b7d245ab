"""strace as a saboteur: system calls of the daemon that fail, lie or dawdle."""


def saboteur(*rules, path=None, trace=None):
    """A prefix for the daemon; it stays the process that is started, and killed (-D). Each
    thread counts its own calls. `path`: only calls about that file."""
    command = ["strace", "-D", "-f", "-qq", "-o", "/dev/null"]
    if path is not None:
        command += ["-P", str(path)]
    calls = trace or ",".join(rule.split(":")[0] for rule in rules)
    command += ["-e", f"trace={calls}"]
    for rule in rules:
        command += ["-e", f"inject={rule}"]
    return command
