"""Fitting the confidence: a logistic model that tells right first passages from chance ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

# Features whose meaning is plain, so that the model can be explained.
FEATURES = (
    "share", "word", "concept", "pair", "sentence", "date", "dated", "quantity", "terms", "cosine",
    "without_vectors", "margin",
)  # fmt: skip
_SEED = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """The first passage of one question: its features, whether it answers, and a name for its kind."""

    features: Mapping[str, float]
    right: bool
    group: str


def fit_confidence(judged: Sequence[Judged]) -> tuple[dict[str, Any], npt.NDArray[np.float64]]:
    """A model, and for each example the probability it got from a model that had not seen it.

    Logistic regression with an L2 penalty (C = 1) on standardised features; five folds.
    """
    table = np.array([[each.features.get(name, 0.0) for name in FEATURES] for each in judged])
    right = np.array([each.right for each in judged])
    # Right and wrong count alike, however many there are.
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000, class_weight="balanced"))
    folds = StratifiedKFold(5, shuffle=True, random_state=_SEED)
    held_out = cross_val_predict(model, table, right, cv=folds, method="predict_proba")[:, 1]
    # As if no vectors were there yet, too: then the rest has to do.
    bare = table.copy()
    bare[:, FEATURES.index("cosine")] = 0.0
    bare[:, FEATURES.index("without_vectors")] = 1.0
    model.fit(np.concatenate([table, bare]), np.concatenate([right, right]))
    scaler, logistic = model[0], model[1]
    slopes = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - (slopes * scaler.mean_).sum())
    fitted = {
        name: weight
        for name, slope in zip(FEATURES, slopes, strict=True)
        if (weight := round(float(slope), 4))
    }
    return {"intercept": round(intercept, 4), "features": fitted}, held_out


def auroc(right: Sequence[bool], scores: npt.NDArray[np.float64]) -> float:
    """The area under the ROC curve."""
    return float(roc_auc_score(right, scores))


def threshold(wrong: npt.NDArray[np.float64], refused: float) -> float:
    """The confidence below which this share of the wrong lies."""
    return float(np.quantile(wrong, refused))
