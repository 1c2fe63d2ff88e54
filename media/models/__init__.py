"""Floor 2: recordings and documents of lessons, and packages made elsewhere. Knows no course."""

from .handout import Handout
from .imports import BlobHold, PackageImport
from .libraries import Blob, Library, LibraryDependency, LibraryFile
from .packages import KEEPERS, Package, PackageFile, PackageVersion, PackageVersionLibrary
from .recording import Recording

__all__ = [
    "KEEPERS",
    "Blob",
    "BlobHold",
    "Handout",
    "Library",
    "LibraryDependency",
    "LibraryFile",
    "Package",
    "PackageFile",
    "PackageImport",
    "PackageVersion",
    "PackageVersionLibrary",
    "Recording",
]
