"""Which letters this machine has type for. Asked of fontconfig itself: web processes must not load WeasyPrint for it."""

import unicodedata
from ctypes import CDLL, POINTER, Structure, c_char_p, c_int, c_void_p
from functools import cache

# The typefaces of the site have all of these themselves.
_OWN = "\u024f"
# What is set with nothing, or with the letters around it.
_UNSEEN = {"Cf", "Zs", "Zl", "Zp", "Cc"}


class _Fonts(Structure):
    _fields_ = [("number", c_int), ("room", c_int), ("fonts", c_void_p)]


@cache
def _fontconfig() -> CDLL | None:
    try:
        library = CDLL("libfontconfig.so.1")
    except OSError:
        return None
    library.FcNameParse.restype = library.FcObjectSetCreate.restype = c_void_p
    library.FcNameParse.argtypes = [c_char_p]
    library.FcFontList.argtypes = [c_void_p, c_void_p, c_void_p]
    library.FcFontList.restype = POINTER(_Fonts)
    library.FcFontSetDestroy.argtypes = [POINTER(_Fonts)]
    for destroy in (library.FcPatternDestroy, library.FcObjectSetDestroy):
        destroy.argtypes = [c_void_p]
    return library


def letter_without_type(text: str) -> str:
    """The first letter of a text that no font here has; empty where all can be set, or where nobody can tell."""
    return next((mark for mark in text if mark > _OWN and not _has_type(mark)), "")


def _has_type(mark: str) -> bool:
    library = _fontconfig()
    if library is None or unicodedata.category(mark) in _UNSEEN:
        return True
    wanted = library.FcNameParse(f":charset={ord(mark):x}".encode())
    nothing_of_them = library.FcObjectSetCreate()
    found = library.FcFontList(None, wanted, nothing_of_them)
    try:
        return not found or found.contents.number > 0
    finally:
        if found:
            library.FcFontSetDestroy(found)
        library.FcObjectSetDestroy(nothing_of_them)
        library.FcPatternDestroy(wanted)
