"""Pictures of the mechanisms that a calibrated trial must show, from recordings: docs/img/validation_*.svg.

usage: validation.py FOLDER TREE, where FOLDER has eliana.h5 and karmma.h5; prints what the pictures show.
"""

import json
import sys
import tomllib

import h5py
import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np

plt.rcParams.update(
    {"svg.hashsalt": "carina", "svg.fonttype": "none", "font.size": 11, "axes.spines.top": False, "axes.spines.right": False}
)
BLUE, ORANGE = "#0072b2", "#d55e00"


def patients(path):
    """The columns of the table `patients`; texts where a column has labels."""
    with h5py.File(path) as file:
        table = file["patients"]
        out = {}
        for name in table:
            column = table[name]
            values = column[()]
            meanings = column.attrs.get("flag_meanings")
            if meanings is not None:
                values = np.array(meanings.split())[values]
            out[name] = values
        return out


def share_with_interval(yes):
    """Percent, and 95 % Wilson interval."""
    n, k, z = len(yes), np.count_nonzero(yes), 1.96
    p = k / n
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return 100 * p, 100 * (middle - half), 100 * (middle + half)


def bars(axes, labels, rows, color):
    heights = [r[0] for r in rows]
    errors = [[r[0] - r[1] for r in rows], [r[2] - r[0] for r in rows]]
    axes.bar(labels, heights, color=color, yerr=errors, capsize=3, width=0.6)


def save(figure, tree, name):
    figure.tight_layout()
    figure.savefig(f"{tree}/docs/img/validation_{name}.svg", metadata={"Date": None})
    plt.close(figure)


def release_and_burden(p, tree):
    infused = p["end"] == "infused"
    burden, grade = p["burden_infused"][infused], p["crs_grade"][infused]
    edges = np.quantile(burden, [0.2, 0.4, 0.6, 0.8])
    fifth = np.searchsorted(edges, burden)
    rows = [share_with_interval(grade[fifth == i] >= 3) for i in range(5)]
    figure, axes = plt.subplots(figsize=(6, 3.4))
    bars(axes, ["lowest", "2", "3", "4", "highest"], rows, BLUE)
    axes.set_xlabel("fifth of patients by leukaemia cells before lymphodepletion")
    axes.set_ylabel("CRS grade 3 or higher, %")
    save(figure, tree, "release_burden")
    print("CRS grade 3+ by fifths of burden, %:", " ".join(f"{r[0]:.0f}" for r in rows))


def relapse_and_persistence(p, tree):
    trial = tomllib.load(open(f"{tree}/trials/eliana.toml", "rb"))
    days = next(v["at"] for v in trial["protocol"]["visits"] if v["what"] == "kinetics")
    unit = {"day": 1, "month": 365.25 / 12}
    visits = np.array([float(d.split()[0]) * unit[d.split()[1]] for d in days])
    visits = np.concatenate([visits, visits[-1] + 6 * unit["month"] * np.arange(1, 9)])
    relapsed = ~np.isnan(p["relapse"]) & (p["response_at"] < p["relapse"])
    last = np.array([visits[visits <= day][-1] if day >= visits[0] else np.nan for day in p["relapse"][relapsed]])
    there = p["persistence"][relapsed] >= last - 1.5  # samples are drawn within a day of the planned one
    antigen = p["relapse_antigen"][relapsed]
    rows, names = [], []
    for name, label in (("positive", "CD19+"), ("negative", "CD19-")):
        here = antigen == name
        rows.append(share_with_interval(there[here]))
        names.append(f"{label}\nn = {np.count_nonzero(here):,}")
    figure, axes = plt.subplots(figsize=(4.2, 3.4))
    bars(axes, names, rows, ORANGE)
    axes.set_ylabel("CAR T cells quantifiable at\nthe last sample before relapse, %")
    save(figure, tree, "relapse_persistence")
    for name, row in zip(names, rows):
        print("CAR T cells present at relapse,", name.replace("\n", ", "), f"{row[0]:.0f} % ({row[1]:.0f} to {row[2]:.0f})")


def exposure_and_dose(p, tree):
    dose = p["cells"] / p["weight"]
    known = (p["end"] == "infused") & (p["AUC0-28d"] > 0) & (dose > 0.2e6) & (dose < 5.4e6)
    x, y = np.log10(dose[known]), np.log10(p["AUC0-28d"][known])
    slope, r2 = np.polyfit(x, y, 1)[0], np.corrcoef(x, y)[0, 1] ** 2
    figure, axes = plt.subplots(figsize=(6, 3.4))
    some = np.arange(min(2000, len(x)))
    axes.plot(10 ** x[some] / 1e6, 10 ** y[some], ".", ms=2, color=BLUE, alpha=0.5)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    axes.set_ylim(1e3, 1e7)
    axes.set_xlabel("CAR+ viable T cells infused, 1e6/kg")
    axes.set_ylabel("AUC0-28d, copies day/ug")
    save(figure, tree, "exposure_dose")
    print(f"AUC0-28d on dose per kg, logarithms: slope {slope:.2f}, R2 {r2:.3f}, n = {len(x):,}")


def response_and_dose(p, tree):
    infused = p["end"] == "infused"
    levels = np.array([150e6, 300e6, 450e6])
    level = np.abs(np.log(p["cells"][infused][:, None] / levels[None, :])).argmin(axis=1)
    responded = ~np.isnan(p["response_at"][infused])
    rows = [share_with_interval(responded[level == i]) for i in range(3)]
    figure, axes = plt.subplots(figsize=(4.2, 3.4))
    bars(axes, ["150", "300", "450"], rows, BLUE)
    axes.set_xlabel("planned dose, 1e6 cells")
    axes.set_ylabel("overall response, %")
    save(figure, tree, "response_dose")
    print("KarMMa, overall response at 150, 300, 450e6 cells, %:", " ".join(f"{r[0]:.0f}" for r in rows))


def deaths_and_waiting(p, tree):
    """Kaplan-Meier of death before infusion: those infused or lost otherwise are censored."""
    wait, died = p["wait"], p["end"] == "died"
    order = np.argsort(wait)
    wait, died = wait[order], died[order]
    at_risk = len(wait) - np.arange(len(wait))
    curve = 100 * (1 - np.cumprod(1 - died / at_risk))
    keep = at_risk >= 200
    figure, axes = plt.subplots(figsize=(6, 3.4))
    axes.step(wait[keep], curve[keep], where="post", color=ORANGE)
    axes.set_xlabel("days from enrolment, still waiting")
    axes.set_ylabel("died while waiting, %")
    axes.set_ylim(bottom=0)
    save(figure, tree, "deaths_waiting")
    for day in (30, 60, 90):
        here = keep & (wait <= day)
        if here.any() and wait[keep].max() >= day:
            print(f"died by day {day} of waiting: {curve[here][-1]:.1f} %")


def widths(folder):
    """Intervals of figures with n of 30 or more that are over 1.5 times as wide as chance alone makes them."""
    chance = {row["figure"]: row for row in json.load(open(f"{folder}/chance.json"))}
    listed = []
    for row in json.load(open(f"{folder}/eliana.json")):
        alone = chance[row["figure"]]
        if row["role"] != "calibrate" or not row["counted"] or row["n"] < 30 or alone["high"] == alone["low"]:
            continue
        ratio = (row["high"] - row["low"]) / (alone["high"] - alone["low"])
        if ratio > 1.5:
            listed.append(f"{row['figure']} {ratio:.1f}")
    print("intervals over 1.5 times as wide as chance alone:", ", ".join(listed) or "none")


def main():
    folder, tree = sys.argv[1:3]
    widths(folder)
    eliana = patients(f"{folder}/eliana.h5")
    release_and_burden(eliana, tree)
    relapse_and_persistence(eliana, tree)
    exposure_and_dose(eliana, tree)
    deaths_and_waiting(eliana, tree)
    response_and_dose(patients(f"{folder}/karmma.h5"), tree)


if __name__ == "__main__":
    main()
