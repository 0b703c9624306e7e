"""Real labelled data: graphscan, its rivals and the published figures, set by set, leaky sets named as such.

    python benchmarks/real_labels.py --data FOLDER [--rivals-venv DIR] [--sets pooled hop stars comments agents]

FOLDER holds the Parquet files that docs/real-data.md describes; none but the MIT ones is shipped. Prints one JSON line a result:
``set, method, recall, precision`` (of accounts, unless ``of`` says otherwise), what was published, and what the set cannot show.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import rivals
from injection import log_of, read_background
from propagation import auc, diffusion, sybilrank, sybilscar

from graphscan.decisions.diffusion import ALPHA, ITERATIONS
from graphscan.pipeline import scan_dataset
from graphscan.settings import make_settings
from graphscan.tables import input_table
from graphscan.texts import find_templates

Row = dict[str, Any]
ORDINARY = ("irc_ubuntu", "collegemsg", "jodie_wikipedia")
TROLLS = "ira_english_2016h2"
LEAKY = "leaky: labels came partly from the links; a test of propagation, not of detection"
POOLED = "trolls among ordinary people"


def load(folder: Path, name: str) -> pd.DataFrame:
    """One set, ids as text and named by their set, times as ``at_s``; rows without a time are left out."""
    frame = pq.read_table(folder / f"{name}.parquet").to_pandas().rename(columns={"ts": "at_s"})
    if "at_s" in frame.columns:
        frame = frame.dropna(subset=["at_s"]).reset_index(drop=True)  # 245 of the comments have no time
    for column in {"account", "object"} & set(frame.columns):
        frame[column] = name + ":" + frame[column].astype(str)
    if name == "irc_ubuntu":  # the object of a message is what it says, as it is for the trolls' posts
        frame["chat"] = frame["object"].str.partition("/")[0]
        frame["object"] = name + ":" + frame["text"].astype(str)
    return frame


def put(out: Path, name: str, **columns: Any) -> None:
    """Write one table of a dataset."""
    out.mkdir(parents=True, exist_ok=True)
    declared = input_table(name)
    arrays = {
        key: pa.array(values, declared.column(key).arrow_type, from_pandas=True) for key, values in columns.items()
    }
    pq.write_table(pa.table(arrays), out / f"{name}.parquet")


def instants(at_s: pd.Series) -> np.ndarray:
    return np.round(at_s.to_numpy(np.float64) * 1000).astype(np.int64)


def put_shares(rows: pd.DataFrame, out: Path) -> None:
    """Every row a share of its object: what every rival gets, and no more."""
    n = len(rows)
    put(
        out,
        "interactions",
        account_id=rows["account"].to_numpy(),
        kind=np.full(n, "share"),
        target_kind=np.full(n, "note"),
        target_id=rows["object"].to_numpy(),
        created_at=instants(rows["at_s"]),
    )


def put_notes(rows: pd.DataFrame, out: Path) -> None:
    """Every row a note with its text."""
    ids = np.array([f"n{k}" for k in range(len(rows))], object)
    texts = rows["text"].to_numpy()
    put(out, "notes", note_id=ids, account_id=rows["account"].to_numpy(), text=texts, created_at=instants(rows["at_s"]))


def put_messages(rows: pd.DataFrame, out: Path) -> None:
    """Every row a message with its text in its group chat."""
    chats = rows["chat"].to_numpy()
    put(out, "chats", chat_id=np.unique(chats.astype(str)), kind=np.full(len(np.unique(chats.astype(str))), "group"))
    ids = np.array([f"m{k}" for k in range(len(rows))], object)
    at, who = instants(rows["at_s"]), rows["account"].to_numpy()
    put(
        out, "chat_messages", message_id=ids, chat_id=chats, account_id=who, text=rows["text"].to_numpy(), created_at=at
    )


def rates(flagged: Collection[str], positive: Collection[str]) -> Row:
    """Recall and precision of flagged accounts."""
    hit = len(set(flagged) & set(positive))
    precision = round(hit / len(set(flagged)), 4) if len(set(flagged)) else None
    return {"recall": round(hit / len(positive), 4), "precision": precision, "flagged": len(set(flagged))}


def told(found: rivals.Outcome, positive: Collection[str], names: np.ndarray | None = None) -> Row:
    """The figures of an outcome."""
    if found.failed:
        return {"failed": found.failed}
    members = np.concatenate(found.clusters) if found.clusters else np.empty(0, np.int64)
    flagged = members if names is None else names[members]
    used = {"cpu_s": round(found.cpu_s, 1), "peak_mb": round(found.peak_mb)}
    return {**rates(flagged.tolist(), positive), **used, "clusters": len(found.clusters)}


def pooled(folder: Path, environments: Path | None) -> Iterator[Row]:
    """Known trolls and three sets of ordinary people in one log: who is flagged."""
    sets = {name: load(folder, name) for name in (TROLLS, *ORDINARY)}
    rows = pd.concat([frame[["account", "object", "at_s"]] for frame in sets.values()], ignore_index=True)
    positive = set(sets[TROLLS]["account"])
    log, names = log_of(rows)
    published = "takedown archives, supervised: precision .96 (another set)"
    with tempfile.TemporaryDirectory() as scratch:
        at = Path(scratch)
        put_shares(rows, at / "shares")
        yield {
            "method": "graphscan, actions alone",
            **told(rivals.graphscan(at / "shares"), positive),
            "published": published,
        }
        put_shares(pd.concat([sets["collegemsg"], sets["jodie_wikipedia"]]), at / "whole")
        put_notes(sets[TROLLS], at / "whole")
        put_messages(sets["irc_ubuntu"], at / "whole")
        yield {"method": "graphscan, texts too", **told(rivals.graphscan(at / "whole"), positive)}
        for k in (2, 3, 5, 10):
            pairs = rivals.co_share(log["account"], log["object"], log["at_ms"], k)
            yield {
                "method": f"same object, 60 s, k ≥ {k}, any pair",
                **rates(names[np.unique(pairs)].tolist(), positive),
            }
        np.savez(at / "log.npz", **log)
        for rival in rivals.RIVALS:
            found = rivals.flag(rival, at / "log.npz", environments)
            yield {"method": rival.name, **told(found, positive, names)}


def stars(folder: Path, environments: Path | None) -> Iterator[Row]:
    """Real fake-star timelines put beside the election background: recall of their accounts and repositories."""
    fake = load(folder, "starscout_obvious")[["account", "object", "at_s"]]
    rows = pd.concat([read_background(), fake], ignore_index=True)
    often = fake.groupby("account")["object"].nunique()
    repeaters = set(often.index[often >= 2])
    published = "StarScout: recall .760 of accounts, .812 of repositories"
    log, names = log_of(rows)
    with tempfile.TemporaryDirectory() as scratch:
        at = Path(scratch)
        put_shares(rows, at / "shares")
        np.savez(at / "log.npz", **log)
        runs = {"graphscan": (rivals.graphscan(at / "shares"), None)}
        for rival in rivals.RIVALS:
            if rival.name in ("co-share, k ≥ 2", "SVN", "FRAUDAR", "CooRTweet"):
                runs[rival.name] = (rivals.flag(rival, at / "log.npz", environments), names)
        for name, (found, of) in runs.items():
            members = np.concatenate(found.clusters) if found.clusters else np.empty(0, np.int64)
            flagged = set((members if of is None else of[members]).tolist())
            caught = fake.assign(caught=fake["account"].isin(flagged)).groupby("object")["caught"].mean()
            yield {
                "method": name,
                "failed": found.failed,
                "recall": round(len(flagged & set(fake["account"])) / fake["account"].nunique(), 4),
                "recall_of_repeaters": round(len(flagged & repeaters) / len(repeaters), 4),
                "recall_of_repositories": round(float((caught >= 0.5).mean()), 4),
                "background_flagged": len(flagged - set(fake["account"])),
                "published": published if name == "graphscan" else "",
                "lesson": "three in four accounts starred one repository: no pair can meet twice",
            }


def comments(folder: Path, environments: Path | None) -> Iterator[Row]:
    """YouTube's comments, half spam: what templates and clusters see of it."""
    frame = load(folder, "youtube_spam")
    with tempfile.TemporaryDirectory() as scratch:
        at = Path(scratch)
        ids = np.array([f"c{k}" for k in range(len(frame))], object)
        put(
            at / "dataset",
            "comments",
            comment_id=ids,
            note_id=frame["video"].to_numpy(),
            account_id=frame["account"].to_numpy(),
            text=frame["text"].to_numpy(),
            created_at=instants(frame["at_s"]),
        )
        spam = frame.groupby("account")["CLASS"].max() == 1
        yield from of_run(
            at, set(spam.index[spam]), "near-identical text: 245 comments, .947 spam; timing shows nothing"
        )
        yield like_texts(frame, frame["CLASS"] == 1)


def agents(folder: Path, environments: Path | None) -> Iterator[Row]:
    """Posts of AI agents, no labels; one public template that many unrelated agents use is a look-alike."""
    frame = load(folder, "moltbook_sample_mit")
    with tempfile.TemporaryDirectory() as scratch:
        put_notes(frame, Path(scratch) / "dataset")
        yield from of_run(Path(scratch), set(), "no labels: the public “mint” template must flag nobody")
        yield like_texts(frame, None)


def of_run(at: Path, positive: set[str], published: str) -> Iterator[Row]:
    """What the whole job says of ``at/dataset``: clusters, accounts named for a measure, templates found."""
    scan_dataset(at / "dataset", at / "run", make_settings(threads=1))
    members, uses, proposed = (
        pq.read_table(at / "run" / f"{name}.parquet").to_pandas() for name in ("members", "template_uses", "decisions")
    )
    measured = proposed.loc[proposed["measure"] != "none", "subject"]
    for name, found in {
        "graphscan, clustered": members["account_id"],
        "graphscan, named for a measure": measured,
        "graphscan, wrote from a template": uses["account_id"],
    }.items():
        figures = rates(found.tolist(), positive) if positive else {"flagged": found.nunique()}
        yield {"method": name, **figures, "published": published}
        published = ""


def like_texts(frame: pd.DataFrame, spam: pd.Series | None) -> Row:
    """Texts that follow any template, whether it weighs or not, and how many of those are spam."""
    authors = np.unique(frame["account"].astype(str), return_inverse=True)[1].astype(np.int32)
    texts, known = pa.array(frame["text"], pa.string(), from_pandas=True), np.zeros(int(authors.max()) + 1, bool)
    found = find_templates(texts, authors, instants(frame["at_s"]), known)
    inside = found.template_of >= 0
    users = max((len(np.unique(authors[found.template_of == t])) for t in range(len(found))), default=0)
    row: Row = {"method": "graphscan's templates, weighing or not", "of": "texts", "flagged": int(inside.sum())}
    row |= {"templates": len(found), "most_users": users}
    if spam is not None:
        hit = int((inside & spam.to_numpy()).sum())
        row |= {"recall": round(hit / int(spam.sum()), 4), "precision": round(hit / max(int(inside.sum()), 1), 4)}
    return row


def hop(folder: Path, environments: Path | None) -> Iterator[Row]:
    """Airdrop candidates: half the Sybils known, one link apart. The labels came partly from these links."""
    known, links = load(folder, "hop_accounts"), pq.read_table(folder / "hop_links.parquet").to_pandas()
    names = np.unique(np.concatenate([known["account"].str.split(":").str[1], links["account"], links["account2"]]))
    code = {name: k for k, name in enumerate(names)}
    edges = np.array([[code[a], code[b]] for a, b in zip(links["account"], links["account2"], strict=True)])
    edges = np.unique(np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1), axis=0)
    accounts = known["account"].str.split(":").str[1].map(code).to_numpy()
    sybil, benign = accounts[known["sybil"] == 1], accounts[known["sybil"] == 0]
    rng, n = np.random.default_rng(1), len(names)
    seeds = np.zeros(n)
    for group, sign in ((sybil, 1.0), (benign, -1.0)):
        seeds[rng.choice(group, len(group) // 2, replace=False)] = sign
    rest = [group[seeds[group] == 0] for group in (sybil, benign)]
    near = np.unique(np.concatenate([edges[seeds[edges[:, k]] > 0, 1 - k] for k in (0, 1)]))
    hit = [np.isin(group, near).sum() for group in rest]
    one_hop = {"recall": round(hit[0] / len(rest[0]), 4), "precision": round(hit[0] / max(sum(hit), 1), 4)}
    yield {"method": "one link from a known Sybil", **one_hop, "of": "accounts that were no seeds", "lesson": LEAKY}
    for name, rank in {
        "graphscan's diffusion": diffusion(edges, n, ALPHA, ITERATIONS),
        "SybilSCAR, re-made": sybilscar(edges, n),
        "SybilRank, re-made": sybilrank(edges, n),
    }.items():
        score = rank(seeds)
        row = {"method": name, "auc": round(auc(score, rest[1], rest[0]), 4), "of": "accounts that were no seeds"}
        if name != "SybilRank, re-made":  # its scores have no zero to cut at
            found = [(score[group] > 0).sum() for group in rest]
            row |= {"recall": round(found[0] / len(rest[0]), 4), "precision": round(found[0] / max(sum(found), 1), 4)}
        yield {
            **row,
            "published": "",
            "lesson": LEAKY,
        }


def stacked(folder: Path) -> pd.DataFrame:
    """The election posts with addresses, hashtags, domains and picture hashes as one kind of object."""
    frame = load(folder, "coortweet_german")
    kinds = ("url_id", "hashtag_id", "domain_id", "phash_id")
    parts = [frame[["account", "at_s", k]].dropna().assign(object=lambda f, k=k: k + ":" + f[k]) for k in kinds]
    return pd.concat(parts, ignore_index=True)


def each(folder: Path, environments: Path | None) -> Iterator[Row]:
    """Every set by itself: clusters and clustered accounts, actions alone, and with texts where it has any."""
    for name in (*WHOLE, "coortweet_german"):
        frame = stacked(folder) if name == "coortweet_german" else load(folder, name)
        for how, write in {"": put_shares, ", texts too": TEXTS.get(name)}.items():
            if write is None:
                continue
            with tempfile.TemporaryDirectory() as scratch:
                write(frame, Path(scratch) / "dataset")
                found = rivals.graphscan(Path(scratch) / "dataset")
            flagged = int(sum(len(c) for c in found.clusters))
            row = {"clusters": len(found.clusters), "flagged": flagged, "cpu_s": round(found.cpu_s, 1)}
            yield {
                "method": name + how,
                "failed": found.failed,
                "of": f"{frame['account'].nunique():,} accounts",
                **row,
            }


WHOLE = ("coortweet_russian", TROLLS, *ORDINARY, "starscout_obvious")
TEXTS: dict[str, Callable[[pd.DataFrame, Path], None]] = {TROLLS: put_notes, "irc_ubuntu": put_messages}
"""Sets that are actions on objects, and how those with texts are written with them."""

SETS: dict[str, tuple[str, Callable[[Path, Path | None], Iterator[Row]], tuple[str, ...]]] = {
    "pooled": (POOLED, pooled, (TROLLS, *ORDINARY)),
    "hop": ("airdrop Sybils, half of them known", hop, ("hop_accounts", "hop_links")),
    "stars": ("fake stars beside election posts", stars, ("starscout_obvious",)),
    "comments": ("YouTube comments, half spam", comments, ("youtube_spam",)),
    "agents": ("posts of AI agents", agents, ("moltbook_sample_mit",)),
    "each": ("every set by itself: what graphscan clusters", each, (*WHOLE, "coortweet_german")),
}
"""Per set: what it is, what measures it, and the files it needs."""


def measure(name: str, folder: Path | None, environments: Path | None) -> Iterator[Row]:
    """The rows of one set, or one that says that its files are not there."""
    title, rows, files = SETS[name]
    absent = [file for file in files if folder is None or not (folder / f"{file}.parquet").exists()]
    if folder is None or absent:
        where = "--data; docs/real-data.md says where it comes from"
        yield {"set": title, "method": "", "failed": f"not run: {', '.join(absent or files)} not given ({where})"}
        return
    for row in rows(folder, environments):
        yield {"set": title, **row}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rivals-venv", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    given = parser.parse_args()
    for name in given.sets:
        for row in measure(name, given.data, given.rivals_venv):
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
