"""Reading the text in a picture by RapidOCR, with the models that its package carries; nothing is ever fetched."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from skiuo_desktop.analysis.lines import Line, arranged
from skiuo_desktop.analysis.pictures import Picture, greyed, resized
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

Box = tuple[float, float, float, float]
Region = tuple[int, int, int, int]

FIND_SIDE = 1280
"""Text is found at this size (the memory that finding takes grows with it) and then read at the picture's own."""
LEAST_SCORE = 0.5
CURSORS = "■█▌▍ "
REMEMBERED = 4
CELL = 16
CHANGED_LEVELS = 24
EDGE_LEVELS = 24
FEW = 3  # points in one cell: a full stop that became a comma
MOST_REGIONS = 8


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture that was read, and what stood where in it."""

    grey: Picture
    pieces: list[Line]


class Reader:
    """Reads pictures. What has not changed since one of the last pictures is not read again: a still screen costs next to nothing."""

    def __init__(self) -> None:
        self._seen: deque[_Seen] = deque(maxlen=REMEMBERED)

    def read(self, picture: Picture) -> list[Line]:
        """The lines of a BGR picture in the order of reading, unsure ones included (see `Line.sure`).

        Raises AnalysisError (MODEL_MISSING) where the OCR library or its models are not installed.
        """
        picture = _enlarged(picture)
        grey = greyed(picture)
        changes = [(seen, _changed(grey, seen.grey)) for seen in self._seen if seen.grey.shape == grey.shape]
        for seen, changed in changes:
            if not changed.any():
                return arranged(seen.pieces)
        pieces = []
        for corners in self._find(picture, grey):
            box = _box(corners)
            known = next((piece for seen, changed in changes if (piece := _unchanged(box, seen, changed))), None)
            piece = known or self._recognise(picture, corners, box)
            if piece.score >= LEAST_SCORE and piece.text:
                pieces.append(piece)
        self._seen.append(_Seen(grey, pieces))
        return arranged(pieces)

    @cached_property
    def _engine(self) -> Any:
        return _load_engine()

    def _find(self, picture: Picture, grey: Picture) -> list[NDArray[np.float32]]:
        """The corners of each piece of text: shape (4, 2), clockwise from the top left."""
        pieces = []
        for left, top, right, bottom in _regions(grey):
            found = self._engine(picture[top:bottom, left:right], use_det=True, use_cls=False, use_rec=False)
            boxes = getattr(found, "boxes", None)
            if boxes is not None:
                pieces += list(np.asarray(boxes, np.float32) + np.array((left, top), np.float32))
        return pieces

    def _recognise(self, picture: Picture, corners: NDArray[np.float32], box: Box) -> Line:
        found = self._engine(_straightened(picture, corners), use_det=False, use_cls=False, use_rec=True)
        texts, scores = getattr(found, "txts", None) or ("",), getattr(found, "scores", None) or (0.0,)
        return Line(" ".join(texts[0].split()).strip(CURSORS), float(scores[0]), box)


def _load_engine() -> Any:
    """The OCR engine on one thread, told exactly which model files to use: by name alone it would look them up and fetch them."""
    try:
        from rapidocr import RapidOCR

        models = _models()
        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_preprocess_img": False,
                "Global.text_score": 0.0,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": str(models["det"]),
                "Det.limit_type": "max",
                "Det.limit_side_len": FIND_SIDE,
                "Rec.model_path": str(models["rec"]),
            }
        )
    except (ImportError, OSError) as error:
        raise AnalysisError.of(
            FailureKind.MODEL_MISSING, "The text reader that comes with Skiuo cannot be loaded. Install Skiuo again.", f"{type(error).__name__}: {error}"
        ) from error


def _models() -> dict[str, Path]:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ImportError("rapidocr is not installed")
    folder = Path(spec.origin).parent / "models"
    models = {}
    for task in ("det", "rec"):
        files = sorted(folder.glob(f"*_{task}_*.onnx"))
        if not files:
            raise FileNotFoundError(f"no {task} model in {folder}")
        models[task] = files[-1]
    return models


def _enlarged(picture: Picture) -> Picture:
    """Small pictures twice as large: letters of ten points are at the limit of what can be read."""
    if max(picture.shape[:2]) > FIND_SIDE // 2:
        return picture
    return resized(picture, 2 * picture.shape[1], 2 * picture.shape[0])


def _regions(grey: Picture) -> list[Region]:
    """Rectangles (left, top, right, bottom) in which there is anything to see.

    The model misses small text that stands alone in a large empty picture, and finds it where most of that is cut away.
    """
    edges = _cells(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > EDGE_LEVELS)
    near = cv2.dilate(edges.astype(np.uint8), np.ones((5, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    regions = _apart([(left, top, left + width, top + height) for left, top, width, height, _ in stats[1:count].tolist()])
    if len(regions) > MOST_REGIONS:
        regions = [_around(*regions)]
    return [(left * CELL, top * CELL, min(right * CELL, grey.shape[1]), min(bottom * CELL, grey.shape[0])) for left, top, right, bottom in regions]


def _apart(regions: list[Region]) -> list[Region]:
    """Regions that overlap, as a frame and what it encloses do, become one: nothing is found twice."""
    apart: list[Region] = []
    for region in regions:
        grown = region
        while touching := [r for r in apart if r[0] < grown[2] and grown[0] < r[2] and r[1] < grown[3] and grown[1] < r[3]]:
            apart = [r for r in apart if r not in touching]
            grown = _around(grown, *touching)
        apart.append(grown)
    return apart


def _around(*regions: Region) -> Region:
    lefts, tops, rights, bottoms = zip(*regions, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _cells(points: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells of `CELL` by `CELL` points in which at least `FEW` are set."""
    height, width = (-(-side // CELL) * CELL for side in points.shape)
    padded = np.zeros((height, width), np.bool_)
    padded[: points.shape[0], : points.shape[1]] = points
    counts = padded.reshape(height // CELL, CELL, width // CELL, CELL).sum(axis=(1, 3), dtype=np.int32)
    return np.asarray(counts >= FEW, np.bool_)


def _changed(grey: Picture, before: Picture) -> NDArray[np.bool_]:
    """Cells in which the pictures differ."""
    return _cells(cv2.absdiff(grey, before) > CHANGED_LEVELS)


def _unchanged(box: Box, seen: _Seen, changed: NDArray[np.bool_]) -> Line | None:
    """What was read at this place, where nothing has changed there."""
    for piece in seen.pieces:
        if _overlap(box, piece.box) > 0.8:
            left, top, right, bottom = (int(side) // CELL for side in piece.box)
            return None if changed[top : bottom + 1, left : right + 1].any() else piece
    return None


def _overlap(one: Box, other: Box) -> float:
    """Common area by joint area."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = ((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return width * height / (sum(areas) - width * height)


def _box(corners: NDArray[np.float32]) -> Box:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _straightened(picture: Picture, corners: NDArray[np.float32]) -> Picture:
    """The piece of text as an upright picture; what stands tall is turned, as text on the back of a book."""
    width = max(1, round(float(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[2] - corners[3])))))
    height = max(1, round(float(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2])))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(corners, target)
    piece = cv2.warpPerspective(picture, transform, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(piece) if height > 1.5 * width else piece, np.uint8)
