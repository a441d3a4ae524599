"""Whether the index of a workspace has its documents, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journal import State
from passages import name_word

if TYPE_CHECKING:
    from index_worker import Worker, Workspace

GROUP = 40
"""Words of a search: a search has at most 64, and returns at most 50 passages."""


def index_faults(worker: Worker, workspace: Workspace) -> list[str]:
    """How the index of a workspace differs from its documents.

    Searches for the unique words of all passages: each of a document that is there is found once, and those of other
    documents are not. Then `check-index` compares all terms, numbers and positions.
    """
    wanted = [(document.id, word) for document in workspace.living() for word in document.words]
    absent = [document for document in workspace.documents if document.state is not State.THERE]
    words = [word for _, word in wanted] + [word for document in absent for word in document.words[:5]]
    found: list[tuple[str, str]] = []
    for start in range(0, len(words), GROUP):
        found += worker.found(workspace, words[start:start + GROUP])
    faults = [f"not found: {missing}" for missing in set(wanted) - set(found)]
    faults += [f"found, but not there: {extra}" for extra in set(found) - set(wanted)]
    if len(found) != len(set(found)):
        faults.append("a passage is found twice")
    if wanted:
        one = worker.rng.choice(wanted)
        if worker.found(workspace, [one[1]]) != [one]:
            faults.append(f"not alone found: {one}")
    if worker.finds_names and wanted:
        document = worker.rng.choice(workspace.living())
        passages = {(document.id, word) for word in document.words}
        if len(passages) <= 50 and set(worker.found(workspace, [name_word(document.names[0])])) != passages:
            faults.append(f"not found by its name: {document.id}")
        if document.former and worker.found(workspace, [name_word(document.former[-1])]):
            faults.append(f"found by a former name: {document.id}")
    report = worker.checker.ask({"body": {"workspaceId": workspace.id}}).data
    if not report["ok"]:
        faults += [f"check-index: {difference}" for difference in report["differences"][0]["differences"]]
    return faults
