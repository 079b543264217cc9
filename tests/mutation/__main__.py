"""Changes the conditions of the named policies (default: all) and prints the changes that no example notices, and those
that `survivors.yaml` lists although one does.
"""

from __future__ import annotations

import sys

from mutation.run import Change, changes, judging, noticed
from mutation.survivors import known


def main(policies: list[str]) -> int:
    """Print the survivors and their share; return 1 if one has no reason, or a reason is given for what is noticed."""
    made = survived = wrong = 0
    for policy in policies or judging():
        listed = known().get(policy, {})
        left = set(listed)
        for change in filter(None, map(Change.typed, changes(policy))):
            made += 1
            if not noticed(change):
                survived += 1
                wrong += not listed.get(change.text)
                left.discard(change.text)
                print(f"{policy}: {change.text}\n  {listed.get(change.text) or 'no reason: write an example'}")
        for text in sorted(left):
            print(f"{policy}: {text}\n  an example notices it: take it out of survivors.yaml")
        wrong += len(left)
    share = f"{survived} of {made} changes are noticed by no example ({survived / made:.1%})"
    print(f"{share}, {wrong} to mend")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
