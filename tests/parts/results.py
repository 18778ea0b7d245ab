"""Counts what tests/run came to: results.py FOLDER, with its *.xml (JUnit) and *.broken.

A skipped test is a failed one: it proved nothing. So is a run in which nothing ran."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count_junit(file):
    passed = failed = 0
    for case in ElementTree.parse(file).getroot().iter("testcase"):
        if any(child.tag in ("failure", "error", "skipped") for child in case):
            failed += 1
        else:
            passed += 1
    return passed, failed


def main():
    folder = Path(sys.argv[1])
    total = {"passed": 0, "failed": 0}
    failed_steps = set()
    for file in sorted(folder.glob("*.xml")):
        passed, failed = count_junit(file)
        print(f"  {file.stem}: {passed} passed, {failed} failed")
        total["passed"] += passed
        total["failed"] += failed
        if failed:
            failed_steps.add(file.stem)
        if not passed and not failed:
            (folder / f"{file.stem}.broken").write_text("nothing ran\n")
    for file in sorted(folder.glob("*.broken")):
        # A step that failed otherwise than by a test it could name.
        if file.stem not in failed_steps:
            print(f"  {file.stem}: {file.read_text().strip()} failed")
            total["failed"] += 1
    if not total["passed"] and not total["failed"]:
        total["failed"] = 1
    print(f"{total['passed']} passed, {total['failed']} failed")
    left_out = folder / "left-out"
    for line in left_out.read_text().splitlines() if left_out.exists() else []:
        if not line.startswith("0 "):
            print(f"{line} and were left out")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
