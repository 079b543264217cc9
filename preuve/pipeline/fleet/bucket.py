"""Parts in S3: one object for each account, so that a part is there completely or not at all."""

from __future__ import annotations

import errno
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from preuve.collect.aws.http.transport import LARGEST
from preuve.evidence.locked_bucket import NO_BUCKET, Target, next_step
from preuve.model.errors import QUOTED, PreuveError
from preuve.snapshot.part import PartError

_MOST = 16 * 1024**3  # bytes of a part; a writer to the bucket must not fill this disk
_PIECE = 1024**2  # bytes unpacked at once
_NAME = re.compile(r"part\.json|names\.sealed|aws/[0-9]{12}/[a-z0-9-]+/[a-z0-9-]+\.jsonl")
_CAUSES = {"NoSuchKey": "part_missing", "404": "part_missing", NO_BUCKET: "part_no_bucket"}


@dataclass(frozen=True)
class Bucket:
    """Parts below a prefix of a bucket."""

    target: Target
    client: Any

    @contextmanager
    def part(self, account: str) -> Iterator[Path]:
        """Fetch the part of an account into a folder that is removed with the context.

        Raises PartError if it does not exist, cannot be read, or is no archive of a part.
        """
        with tempfile.TemporaryDirectory(prefix="preuve-part-") as folder:
            packed, place = Path(folder, "part.zip"), Path(folder, account)
            self._fetch(account, packed)
            _unpack(packed, place)
            yield place

    def accounts(self) -> Sequence[str]:
        """Return no account: listing needs a further permission, and only named parts are read."""
        return ()

    def turn(self, account: str) -> AbstractContextManager[object]:
        """Do nothing: no wait is needed, because an object is replaced as a whole."""
        return nullcontext()

    @contextmanager
    def new_part(self, account: str) -> Iterator[Path]:
        """Yield a folder for writing a part, which is then stored as one object. Raises PreuveError if that fails."""
        with tempfile.TemporaryDirectory(prefix="preuve-part-") as folder:
            packed, place = Path(folder, "part.zip"), Path(folder, account)
            place.mkdir()
            yield place
            _pack(place, packed)
            if packed.stat().st_size > LARGEST:
                raise PreuveError(f"the part of {account} is too large for one object", "collect it into a folder")
            try:
                with packed.open("rb") as body:
                    self.client.put_object(Bucket=self.target.bucket, Key=self._key(account), Body=body)
            except (BotoCoreError, ClientError, OSError) as error:
                hint = "the role needs s3:PutObject below the prefix"
                told = f"the part of {account} could not be stored: {QUOTED}"
                raise PreuveError(told, next_step(error, hint), quoted=str(error)) from error

    def _key(self, account: str) -> str:
        return "/".join(filter(None, (self.target.prefix, f"{account}.zip")))

    def _fetch(self, account: str, packed: Path) -> None:
        try:
            content = self.client.get_object(Bucket=self.target.bucket, Key=self._key(account))["Body"].read()
        except ClientError as error:
            answered = error.response["Error"]
            code, message = str(answered.get("Code", "")), str(answered.get("Message", ""))
            raise PartError(_CAUSES.get(code, "part_unread"), code, message) from error
        except Exception as error:  # botocore does not say what it raises for an answer that is none of S3
            raise PartError("part_unread", type(error).__name__, str(error)) from error
        packed.write_bytes(content)


def _pack(place: Path, packed: Path) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(place).as_posix())


def _unpack(packed: Path, place: Path) -> None:
    """Unpack a part. Raises PartError if it contains something that no part contains."""
    with _archive(packed) as archive:
        entries = archive.infolist()
        strange = next((entry.filename for entry in entries if not _NAME.fullmatch(entry.filename)), None)
        if strange is not None or sum(entry.file_size for entry in entries) > _MOST:
            raise PartError("part_altered", "", strange or "part.zip")
        for entry in entries:
            target = place / entry.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as copy:
                copy.writelines(_held(archive, entry))


@contextmanager
def _archive(packed: Path) -> Iterator[zipfile.ZipFile]:
    with _altered_if_it_breaks():
        archive = zipfile.ZipFile(packed)
    with archive:
        yield archive


def _held(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a file in an archive, piece by piece."""
    with _altered_if_it_breaks(), archive.open(entry) as file:
        while piece := file.read(_PIECE):
            yield piece


@contextmanager
def _altered_if_it_breaks() -> Iterator[None]:
    """Turn any error of the readers of archives into PartError for an altered part: they document no errors, and one
    changed byte is enough for some of them, such as an impossible position in the file. A failing disk of this machine
    is not turned into one.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise PartError("part_altered", type(error).__name__) from error
