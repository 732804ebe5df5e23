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

# Features whose meaning is plain, so that the models can be explained.
FEATURES = (
    "share", "word", "concept", "pair", "sentence", "date", "dated", "quantity", "terms", "cosine",
    "margin", "lead",
)  # fmt: skip
SIZE_FEATURES = ("compound", "size", "compound_size", "cosine_size")
_SEED = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """The first passage of one question: its features, whether it answers, and a name for its kind."""

    features: Mapping[str, float]
    right: bool
    group: str


def fit_logistic(
    judged: Sequence[Judged], names: Sequence[str], *, balanced: bool = True
) -> tuple[dict[str, Any], npt.NDArray[np.float64]]:
    """A model, and for each example the probability it got from a model that had not seen it.

    Logistic regression with an L2 penalty (C = 1) on standardised features; five folds. What
    an example does not tell counts as the mean of the wrong ones: it proves nothing.

    Args:
        judged: the examples.
        names: the features to use.
        balanced: right and wrong count alike, however many there are.
    """
    table = np.array([[each.features.get(name, np.nan) for name in names] for each in judged])
    told = [name for name, column in zip(names, table.T, strict=True) if not np.isnan(column).all()]
    table = table[:, [names.index(name) for name in told]]
    right = np.array([each.right for each in judged])
    usual = np.nanmean(table[~right], axis=0)
    table = np.where(np.isnan(table), usual, table)
    classes = "balanced" if balanced else None
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000, class_weight=classes))
    folds = StratifiedKFold(5, shuffle=True, random_state=_SEED)
    held_out = cross_val_predict(model, table, right, cv=folds, method="predict_proba")[:, 1]
    model.fit(table, right)
    scaler, logistic = model[0], model[1]
    slopes = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - (slopes * scaler.mean_).sum())
    fitted = {
        name: weight for name, slope in zip(told, slopes, strict=True) if (weight := round(float(slope), 4))
    }
    known = dict(zip(told, usual.tolist(), strict=True))
    # Those that one that stands alone cannot tell.
    usually = {name: round(known[name], 4) for name in fitted if name.endswith(("margin", "lead"))}
    return {"intercept": round(intercept, 4), "features": fitted, "usual": usually}, held_out


def auroc(right: Sequence[bool], scores: npt.NDArray[np.float64]) -> float:
    """The area under the ROC curve."""
    return float(roc_auc_score(right, scores))


def threshold(wrong: npt.NDArray[np.float64], refused: float) -> float:
    """The confidence below which this share of the wrong lies."""
    return float(np.quantile(wrong, refused))
