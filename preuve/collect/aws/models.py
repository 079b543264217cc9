"""botocore's models, read once in a process and cut to the operations in use; accounts and regions share them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader, Loader
from botocore.model import ServiceModel

from preuve.library.validation.shapes import Shape, of_botocore

# Operations that botocore calls by itself: for the region of a bucket, for directory buckets, for an endpoint.
_BOTOCORE_CALLS = frozenset({"HeadBucket", "CreateSession", "DescribeEndpoints"})
_SERVICE = "service-2"
_SERVICES = 128  # cut models that are kept


class _Files(JSONFileLoader):  # type: ignore[misc]
    """Reads models into plain dictionaries, which takes a fraction of the time that botocore's ordered ones take."""

    def load_file(self, file_path: str) -> Any:
        """Load a JSON file, compressed or not; None if it does not exist."""
        for path, unpack in ((Path(f"{file_path}.json"), bytes), (Path(f"{file_path}.json.gz"), gzip.decompress)):
            if path.is_file():
                return msgspec.json.decode(unpack(path.read_bytes()))
        return None


@cache
def built_in() -> Any:
    """Return the loader of botocore's own models, without additional ones from the user."""
    return Loader(
        file_loader=_Files(), extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False
    )


def loader(service: str, operations: frozenset[str]) -> Any:
    """Return the models of a service with these operations, or with all of them if none are named.

    Cut ones are small, and kept: the next region and the next account need them again.
    """
    return _cut(service, operations) if operations else ServiceLoader(operations)


@lru_cache(maxsize=_SERVICES)
def _cut(_service: str, operations: frozenset[str]) -> Any:
    return ServiceLoader(operations)


class ServiceLoader(Loader):  # type: ignore[misc]
    """botocore's models of one service, without the operations that are not in use.

    Most time and memory of a client goes into its methods: of EC2's 650, about twenty are called, all of them
    read-only.
    """

    def __init__(self, operations: frozenset[str]) -> None:
        paths = list(built_in().search_paths)
        super().__init__(file_loader=_Files(), extra_search_paths=paths, include_default_search_paths=False)
        self._operations = operations
        self._reading = RLock()  # units that call the same service in several regions share this loader
        self._outputs: dict[tuple[str, str], Shape] = {}
        self._models: dict[str, ServiceModel] = {}

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """Return a model, cut to the operations in question; read and cut once."""
        key = ("cut", service_name, type_name, api_version)
        with self._reading:
            if key not in self._cache:
                whole = super().load_service_model(service_name, type_name, api_version)
                self._cache[key] = self._cut(whole, type_name)
                self._forget_whole()
            return self._cache[key]

    def model(self, service: str) -> ServiceModel:
        """Return the model of a service as its clients have it, with what was resolved in it before."""
        if service not in self._models:
            self._models[service] = ServiceModel(self.load_service_model(service, _SERVICE), service)
        return self._models[service]

    def output(self, service: str, operation: str) -> Shape:
        """Return the shape of an operation's answers."""
        key = (service, operation)
        if key not in self._outputs:
            self._outputs[key] = of_botocore(self.model(service).operation_model(operation).output_shape, service)
        return self._outputs[key]

    def list_available_services(self, type_name: str) -> Any:
        """Return the names of all services, listed once."""
        return built_in().list_available_services(type_name)

    def load_data_with_path(self, name: str) -> Any:
        """Return a model of the service, or the data that all services share (endpoints, partitions)."""
        return super().load_data_with_path(name) if os.sep in name else built_in().load_data_with_path(name)

    def _cut(self, model: Any, type_name: str) -> Any:
        if type_name != _SERVICE:
            return model
        _name_documents(model)
        _require_of_answers(model["operations"], model["shapes"])
        return _without_the_others(model, self._operations | _BOTOCORE_CALLS) if self._operations else model

    def _forget_whole(self) -> None:
        """Drop the uncut file that the base class keeps."""
        for key in self._cache.copy():  # in one step: the base class adds keys while other threads make clients
            if key[0] in ("load_service_model", "load_data_with_path"):
                self._cache.pop(key, None)


def _without_the_others(model: Any, wanted: frozenset[str]) -> Any:
    operations = {name: _plain(item) for name, item in model["operations"].items() if name in wanted}
    needed = _reached(operations.values(), model["shapes"])
    shapes = {name: _plain(model["shapes"][name]) for name in needed}
    return {**_plain(model), "operations": operations, "shapes": shapes}


def _reached(operations: Iterable[Mapping[str, Any]], shapes: Mapping[str, Any]) -> set[str]:
    """Return the shapes that operations send or answer, with all shapes inside them."""
    ends = [part for operation in operations for part in _ends(operation)]
    # Any operation may answer an error that none of them names.
    ends += [name for name, shape in shapes.items() if shape.get("exception") or shape.get("error")]
    return _closure(ends, shapes)


def _ends(operation: Mapping[str, Any]) -> list[str]:
    parts = [operation[name] for name in ("input", "output") if name in operation]
    return [part["shape"] for part in (*parts, *operation.get("errors", ()))]


def _closure(names: Iterable[str], shapes: Mapping[str, Any]) -> set[str]:
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [inner["shape"] for inner in _inner(shapes[name])]
    return found


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a model without its documentation, which is most of it."""
    kept = {name: value for name, value in item.items() if name != "documentation"}
    if "members" in kept:
        kept["members"] = {name: _plain(member) for name, member in kept["members"].items()}
    return kept


def _inner(shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*shape.get("members", {}).values(), *(shape[name] for name in ("member", "key", "value") if name in shape)]


def _name_documents(model: Any) -> None:
    """Name the documents that S3 answers with: its model names documents only in requests.

    A document without members, such as the versioning of a bucket that has none, is recognised by its name alone.
    """
    for name, operation in model["operations"].items():
        sender = model["operations"].get(name.replace("Get", "Put", 1), {}) if name.startswith("Get") else {}
        if "input" not in sender or "output" not in operation:
            continue
        sent, output = (model["shapes"][shape["shape"]] for shape in (sender["input"], operation["output"]))
        member = sent["members"].get(sent.get("payload"), {})
        if "payload" not in output and "locationName" in member:
            output["locationName"] = member["locationName"]


def _require_of_answers(operations: Mapping[str, Any], shapes: Mapping[str, Any]) -> None:
    """Keep `required` only for shapes that are in answers alone: for a shape that requests have too, it states what a
    caller must send.
    """
    sent = _closure([operation["input"]["shape"] for operation in operations.values() if "input" in operation], shapes)
    for name in sent:
        shapes[name].pop("required", None)
