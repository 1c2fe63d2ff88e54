"""The words in a block, for whoever reads or judges what was written."""

import html
import re
from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.rich_text import RichText

_LINE_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>")


def texts_in(block: blocks.Block, value: Any) -> Iterator[str]:
    """All that is written in a block for people to read, however deep. Drafts may have gaps."""
    if isinstance(value, RichText):
        yield _plain(value.source)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from texts_in(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            yield from texts_in(block.child_block, item)
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock) and value:
        yield str(value)


def _plain(source: str) -> str:
    return html.unescape(strip_tags(_LINE_END.sub("\n", source)))
