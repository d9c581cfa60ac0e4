"""Which providers there are, and how one is built.

A provider is an entry point in the group `skiuo.providers`: its name is what `ModelConfig.provider` says, its value a
class whose constructor takes the `ModelConfig`. Any installed package may add some. Nothing is imported before it is
built, so a provider that nobody uses costs nothing, and one that cannot be imported harms only those who ask for it.
"""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint, entry_points

from skiuo_desktop.analysis.provider import Provider
from skiuo_desktop.errors import AnalysisError, NotFoundError, SkiuoError
from skiuo_desktop.model import FailureKind, ModelConfig

log = logging.getLogger(__name__)

GROUP = "skiuo.providers"


def provider_names() -> list[str]:
    """The names of all installed providers, in alphabetical order. Imports none of them."""
    return sorted(_found())


def build(config: ModelConfig) -> Provider:
    """The provider that `config.provider` names, ready to be asked.

    Raises NotFoundError where no package brings one of that name, and AnalysisError (MODEL_MISSING) where one does but
    it cannot be loaded.
    """
    found = _found()
    point = found.get(config.provider)
    if point is None:
        known = ", ".join(sorted(found)) or "none"
        raise NotFoundError(f"There is no provider named {config.provider!r}. Installed: {known}.")
    try:
        provider: Provider = point.load()(config)
    except SkiuoError:
        raise
    except Exception as error:
        # Another package's code: whatever it raises must reach the person as one sentence that names that package.
        package = point.dist.name if point.dist is not None else point.value
        log.warning("the provider %r of the package %s cannot be loaded", point.name, package, exc_info=True)
        raise AnalysisError.of(
            FailureKind.MODEL_MISSING,
            f"The provider {point.name!r} of the package {package} cannot be loaded ({type(error).__name__}). Install or update that package.",
            str(error),
        ) from error
    return provider


def _found() -> dict[str, EntryPoint]:
    """By name. Of two with one name the built-in one counts, then the first on the path."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        first = found.get(point.name)
        if first is None or (_built_in(point) and not _built_in(first)):
            found[point.name] = point
        if first is not None and first.value != point.value:
            log.warning("two packages bring a provider named %r: %s is used, not %s", point.name, found[point.name].value, point.value)
    return found


def _built_in(point: EntryPoint) -> bool:
    return point.value.startswith("skiuo_desktop.")
