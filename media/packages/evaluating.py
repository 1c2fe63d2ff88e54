"""Text that becomes code in the browser, which the player's policy forbids: who may all the same, and who needs it to begin."""

import re
from collections.abc import Iterable

# Without it these do not work, and multiple choice of some years needs the first. It gives a package nothing that its own
# files do not have already.
EVALUATING = frozenset({"EmbeddedJS"})
# Bundlers build for development by writing each module as a text that is evaluated, and end it by naming where it came from
# (webpack's devtool "eval" and all that begin with that). The line break before it is then two characters of a text; in what
# was built for use it is none. To look for `eval` or `new Function` alone would accuse many good libraries, which only try
# them, or call them for what no package has.
NAMED_IN_A_TEXT = re.compile(rb"\\n//[#@] sourceURL=webpack")
LONGEST_MARK = 32  # bytes


def is_development_build(pieces: Iterable[bytes]) -> bool:
    """Whether a script, in pieces, is made of texts that have to be evaluated before anything of it works."""
    end = b""
    for piece in pieces:
        if NAMED_IN_A_TEXT.search(end + piece):
            return True
        end = (end + piece)[-LONGEST_MARK:]
    return False
