import Testing

@testable import Commands

struct EvaluationMetricTests {
    private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-5 }

    @Test func gainsAreDiscountedByRankAndNormalisedByTheBestRanking() {
        // 2/1 + 1/2 of 2/1 + 1/log₂3 + 1/2
        #expect(isNear(RankingMetrics.nDCG([2, 0, 1], judged: [1, 2, 1], at: 10), 0.798484))
        #expect(isNear(RankingMetrics.nDCG([0, 1], judged: [1], at: 10), 0.630930))
        #expect(RankingMetrics.nDCG([1, 2], judged: [2, 1], at: 1) == 0.5)
        #expect(RankingMetrics.nDCG([2, 1, 0], judged: [0, 1, 2], at: 10) == 1)
        #expect(RankingMetrics.nDCG([], judged: [1], at: 10) == 0)
        #expect(RankingMetrics.nDCG([0], judged: [0, -1], at: 10) == 0)
    }

    @Test func recallCountsWhatIsRelevantAmongTheFirstRanks() {
        #expect(RankingMetrics.recall([1, 0, 2, 1], relevant: 4, at: 3) == 0.5)
        #expect(RankingMetrics.recall([0], relevant: 2, at: 100) == 0)
        #expect(RankingMetrics.recall([1], relevant: 0, at: 100) == 0)
    }

    @Test func theFirstRelevantRankCountsReciprocally() {
        #expect(RankingMetrics.reciprocalRank([0, 0, 0, 1, 1], at: 10) == 0.25)
        #expect(RankingMetrics.reciprocalRank([0, 0, 0, 1], at: 3) == 0)
    }

    @Test func percentilesAreTimesThatWereMeasured() {
        var times = Latencies()
        #expect(times.milliseconds(within: 0.5) == nil)
        for time in [40_000, 10_000, 30_000, 20_000] { times.add(Int64(time)) }
        #expect(times.milliseconds(within: 0.5) == 20)
        #expect(times.milliseconds(within: 0.95) == 40)
        #expect(times.milliseconds(within: 0) == 10)
    }

    @Test func answersAreComparedByLettersAndDigits() {
        let answer = ComparedText("It was founded in 1832 by the “Société Générale”, e.g. there.")
        for gold in ["1832", "SOCIE\u{301}TE\u{301} GE\u{301}NE\u{301}RALE", "Société  Générale", "E.G. there", "１８３２"]
        {
            #expect(answer.contains(ComparedText(gold)), "\(gold)")
        }
        for gold in ["1823", "societe", "", "…", "there it was"] {
            #expect(!answer.contains(ComparedText(gold)), "\(gold)")
        }
    }
}
