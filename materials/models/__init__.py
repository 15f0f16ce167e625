"""Materials: the list, the material an editor writes, and the versions readers get."""

from materials.models.files import StoredFile
from materials.models.pages import MaterialAttachment, MaterialPage, MaterialsPage, MaterialWorkshop
from materials.models.versions import DownloadCount, MaterialVersion, VersionFile

__all__ = [
    "DownloadCount",
    "MaterialAttachment",
    "MaterialPage",
    "MaterialVersion",
    "MaterialWorkshop",
    "MaterialsPage",
    "StoredFile",
    "VersionFile",
]
