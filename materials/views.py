"""What is at a material's address: the current version, an older one, its print view, its files."""

from __future__ import annotations

import logging
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from materials.choices import Role
from materials.content import Content
from materials.domain.counting import count_download
from materials.linked_data import learning_resource
from materials.models import MaterialPage, MaterialVersion, VersionFile
from materials.models.pages import Part
from materials.queries import file_lines, public_file, versions_of, workshops_of_material
from materials.rules import is_counted

logger = logging.getLogger(__name__)

# What a browser may not guess anything else from; the kinds are those of WAGTAILDOCS_EXTENSIONS.
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

PRINT = {"da": "udskriv", "en": "print"}


def answer(request: HttpRequest, page: MaterialPage, part: Part) -> HttpResponseBase:
    """Answer for a live material that the reader may see."""
    if part.kind == "file":
        return download(request, page, part)
    return show(request, page, part)


def show(request: HttpRequest, page: MaterialPage, part: Part) -> HttpResponse:
    """Show a version, or say that it has been withdrawn (410)."""
    versions = versions_of(page)
    current = next((version for version in versions if version.is_current), None)
    version = _asked_for(versions, current, part.number)
    context = {**page.get_context(request), "current": current, "versions": versions}
    base = page.get_url(request)
    if version is None or version.withdrawn_at is not None:
        return render(
            request,
            "materials/withdrawn.html",
            {**context, "version": version, "list_url": page.get_parent().get_url(request)},
            status=410,
        )
    content = Content.from_data(version.content)
    context |= {
        "version": version,
        "content": content,
        "files": file_lines(page, version),
        "is_old": version != current,
        "base": base,
        "print_url": f"{base}version/{version.number}/{PRINT.get(page.locale.language_code, 'udskriv')}/",
    }
    context["has_plan"] = any(file.role == Role.PLAN for file in context["files"])
    if part.kind == "print":
        return render(request, "materials/print.html", context)
    context["workshops"] = workshops_of_material(page, page.locale.language_code)
    context["linked_data"] = learning_resource(page.full_url, version, content)
    return render(request, page.template, context)


def _asked_for(versions: list[MaterialVersion], current: MaterialVersion | None, number: int) -> MaterialVersion | None:
    """Return the version of that number; for 0 the current one, or the newest withdrawn one. Raises Http404."""
    if number == 0:
        if not versions:
            raise Http404
        return current or versions[0]
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404
    return found


def download(request: HttpRequest, page: MaterialPage, part: Part) -> HttpResponseBase:
    """Hand out a file of a version that is not withdrawn, and count it (docs/decisions/0016-materials.md)."""
    file = public_file(page, part.number, part.name)
    if file is None:
        if MaterialVersion.objects.filter(material=page, number=part.number, withdrawn_at__isnull=False).exists():
            return show(request, page, Part("page", part.number))
        raise Http404
    response = _file_response(request, file)
    # Only who carries a session can be staff: without a cookie nobody is looked up.
    is_staff = request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin")
    method = request.method or ""
    if is_counted(method=method, status=response.status_code, headers=request.headers, is_staff=is_staff):
        count_download(file_id=file.pk, day=timezone.localdate())
    return response


def _file_response(request: HttpRequest, file: VersionFile) -> HttpResponseBase:
    """Return the file, its headers alone for HEAD, or 304 for a browser that has it."""
    etag = f'"{file.stored.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    response: Any = unchanged if isinstance(unchanged, HttpResponseNotModified) else _content(request, file)
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    # Asked about each time: a version can be withdrawn.
    response["Cache-Control"] = "private, no-cache"
    return response  # type: ignore[no-any-return]


def _content(request: HttpRequest, file: VersionFile) -> HttpResponseBase:
    stored = file.stored
    kind = TYPES.get(stored.extension, "application/octet-stream")
    if request.method == "HEAD":
        disposition = content_disposition_header(True, file.name) or "attachment"
        return HttpResponse(
            content_type=kind, headers={"Content-Disposition": disposition, "Content-Length": str(stored.size)}
        )
    try:
        handle = stored.file.storage.open(stored.file.name or "")
    except FileNotFoundError as error:
        logger.error("file %s of version %s is missing in the storage", file.pk, file.version_id)
        raise Http404 from error
    return FileResponse(handle, as_attachment=True, filename=file.name, content_type=kind)
