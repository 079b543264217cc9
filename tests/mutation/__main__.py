"""Changes the conditions of the named policies (default: all) and prints the changes that no example notices."""

from __future__ import annotations

import sys

from mutation.run import changes, judging, noticed
from mutation.survivors import known


def main(policies: list[str]) -> int:
    """Print the survivors and their share; return 1 if one has no reason."""
    made = survived = unexplained = 0
    for policy in policies or judging():
        listed = known().get(policy, {})
        for change in changes(policy):
            made += 1
            if not noticed(change):
                survived += 1
                unexplained += not listed.get(change.text)
                print(f"{policy}: {change.text}\n  {listed.get(change.text) or 'no reason: write an example'}")
    share = f"{survived} of {made} changes are noticed by no example ({survived / made:.1%})"
    print(f"{share}, {unexplained} without a reason")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
