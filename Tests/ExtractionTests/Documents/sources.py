"""The contents of the documents that make.py makes."""

REPORT = """# Report on the harbour

The town asked for a plan of the harbour, its quays and its lamps. This report describes what the engineers found during the
winter, what they recommend, and what the work will cost in the coming years.

## Findings

The northern quay leans towards the water by eleven centimetres[^lean]. Its wooden piles, driven in 1894, are soft below the
tide line, although the oak above is *sound*. Café owners near the market — Müller, Søndergaard and Łukasz — report flooding.

- The basin is shallow near the slipway.
- Two lamps are **broken**:
    - the green lamp at the mole,
    - the white lamp beside the customs house.
- Gulls nest on the crane.

[^lean]: Measured with a plumb line at low water, twice.

## Recommendations

1. Drive new piles before autumn.
2. Dredge the basin:
    a. first the eastern half,
    b. then the western half.
3. Replace both lamps.

The pilots would like a tide gauge. A gauge costs little, and its readings would be useful for the ferries, which arrive at
half past seven and leave again before nine.

## Costs

The table gives the costs of each part of the work in thousands.

| Part   | 2025 | 2026 |
|:-------|-----:|-----:|
| Piles  | 410  | 95   |
| Basin  | 120  | 130  |
| Lamps  | 12   | 3    |

## Schedule

Work begins in April after the ice has gone, and pauses during the regatta. If the weather allows, the divers return in
September; otherwise they continue the following spring. The council votes on the second Thursday of March, at a public
meeting in the old rope factory. Questions may be sent to the harbour master, who answers within a fortnight.
"""

CHAPTERS = [
    ("The harbour in winter", [
        "Ice covers the inner basin from December, and the ferry stays beside the northern quay until the thaw comes.",
        "The keeper of the lamp walks along the mole each evening, although nobody sails; habit is stronger than need."]),
    ("Spring tides", [
        "In March the water rises above the lower steps of the market, and barrels float between the stalls."]),
    ("Trade & customs", [
        "Salt, timber and herring were weighed here until 1931; the scales still hang behind the counter of the office.",
        "Merchants paid in crowns, in guilders or in promises, and the clerks wrote everything into green ledgers."]),
    ("The pilots", [
        "Seven pilots know the channel by its colours: amber above the sand, bottle green over the wrecks, black in the deep."]),
    ("Answers", ["This page holds the solutions to the riddles and is opened only from a link."])]

TABLE = [["Part", "Planned", "Spent"], ["Piles", "410", "395"], ["Basin", "120", "131"], ["Lamps", "12", "9"]]

SLIDES = [
    ("Why we dredge", [(0, "Sand fills the channel every winter"), (1, "about nine thousand tonnes"), (0, "Ferries touch ground")],
     "Mention the photograph of the stranded ferry, and pause for questions from the floor."),
    ("Secret budget", [(0, "Nobody outside may read this hidden page")], "Never shown to the audience."),
    ("What the divers saw", [(0, "Oak piles from the nineteenth century"), (0, "Two anchors and a bicycle"), (1, "both rusty")],
     "The divers ask for better lamps."),
    ("Next steps", [(0, "Vote in March"), (0, "Begin after the thaw"), (0, "Inform the pilots, the ferries and the market")],
     "Hand out the schedule printed on yellow paper.")]

RUSSIAN = """# Отчёт о гавани

Город заказал план гавани, причалов и фонарей. Зимой инженеры обследовали северный причал и нашли, что он наклонился к воде.

1. Забить новые сваи до осени.
2. Заменить фонари: зелёный и белый.

Łódź, Žižkov, Ελλάδα, 日本語の契約 и ещё несколько слов: «кавычки», 20 € за штуку. ж😀ж
"""
