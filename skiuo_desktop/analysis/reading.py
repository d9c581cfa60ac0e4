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

FIND_SIDE = 1280
"""Text is found at this size (the memory that finding takes grows with it) and then read at the picture's own."""
LEAST_SCORE = 0.5
REMEMBERED = 4
CELL = 16
CHANGED_LEVELS = 24
CHANGED_POINTS = 3  # in one cell: a full stop that became a comma


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
        for corners in self._find(picture):
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

    def _find(self, picture: Picture) -> NDArray[np.float32]:
        """The corners of each piece of text: shape (n, 4, 2), clockwise from the top left."""
        found = self._engine(picture, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32)

    def _recognise(self, picture: Picture, corners: NDArray[np.float32], box: Box) -> Line:
        found = self._engine(_straightened(picture, corners), use_det=False, use_cls=False, use_rec=True)
        texts, scores = getattr(found, "txts", None) or ("",), getattr(found, "scores", None) or (0.0,)
        return Line(" ".join(texts[0].split()), float(scores[0]), box)


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


def _changed(grey: Picture, before: Picture) -> NDArray[np.bool_]:
    """Cells of `CELL` by `CELL` points in which the pictures differ."""
    points = (cv2.absdiff(grey, before) > CHANGED_LEVELS).astype(np.uint8)
    height, width = (-(-side // CELL) * CELL for side in points.shape)
    padded = np.zeros((height, width), np.uint8)
    padded[: points.shape[0], : points.shape[1]] = points
    counts = padded.reshape(height // CELL, CELL, width // CELL, CELL).sum(axis=(1, 3), dtype=np.int32)
    return np.asarray(counts >= CHANGED_POINTS, np.bool_)


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
