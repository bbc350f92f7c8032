import Payments

extension HelpTopic {
    static let scenarioText = """
        THE SCENARIO FILE

        One YAML file is one test; the same tree as JSON is taken too. paybench init
        writes one to begin with. Unknown keys, keys given twice, numbers without a unit
        and values out of range are errors, all told at once with line and column, and
        nothing is sent.

          version: 1
          name: make-payment
          target:
            base_url: simulator            # the built-in stand-in, or https://host
          payments:                        # a weighted mix
            - name: card
              client_type: IOS             # IOS, Android or Web
              payment_method: { type: scheme, token: "tok-${int(1,9900)}" }
          load:                            # phases, one after another
            - { phase: warm-up, rate: 50/s, for: 5s, measure: false }
            - { phase: steady, rate: 500/s, for: 30s }
          budgets: [ response_time.p99 < 800ms ]

        Units: durations 500us 20ms 30s 5m 1h, rates 200/s 12000/min, ratios 0.1% or
        0.001, sizes 64KiB.

        Load: rate is the open model, payments come at their times whatever the target
        does; it is the total over all workers. users is the closed model, each user
        waits for its answer. Both together are an error.

        Templates: ${uuid} ${seq} ${int(1,9900)} ${choice(a,b)} ${now}
        ${data.NAME.COLUMN} ${env:NAME} ${env:NAME:-default} ${secret:NAME}. Random
        choices come from seed; payment ids are new for every run, unless --run repeats
        one.

        Guard rails: a host that is not this machine needs target.environment,
        target.allow_hosts and limits; production needs --yes as well.

        paybench explain [KEY]     every key: what it is for, what it may hold
        paybench validate FILE     every mistake in a file
        paybench plan FILE         what would be sent; sends nothing
        paybench schema            JSON Schema for editors

        """

    static let budgetsText = """
        BUDGETS

        A budget is a promise about a run: METRIC OPERATOR LIMIT. It is judged by the
        run's own uncertainty: it passes where the whole interval keeps the limit, fails
        where none of it does, and is inconclusive in between.

          budgets:
            - response_time.p99 < 800ms
            - response_time.p99{payment=card, outcome=accepted} < 600ms
            - in_doubt.count == 0
            - { check: errors.rate < 0.1%, window: 10s, after: 30s, abort: true }
            - response_time.p95 <= baseline + 10%

        Times     response_time service_time send_delay first_byte connect tls, with
                  .p50 .p99 .p99.9 and so on, .mean .min .max .stddev
        Counts    errors.rate errors.count in_doubt.rate in_doubt.count
                  outcome.NAME.rate outcome.NAME.count code.NAME.count skipped.count
        Rates     rate.started rate.completed; generator.cpu_us_per_request
        Labels    phase payment outcome flow adapter; without a phase it is about all
                  measured ones

        window         judged on every window of this length
        after          the first part is not judged
        abort          the run ends when the budget has failed
        on_inconclusive  fail: exit status 4; warn: said, and no more

        An invalid measurement is not judged: exit status 5. A suspect one is.

        paybench run SCENARIO --budgets FILE      other budgets than the scenario's
        paybench run SCENARIO --baseline RESULT   for budgets relative to a baseline
        paybench budget RESULT --budgets FILE     of a stored result
        --stop-when-decided                       ends a run when all are decided

        """

    static var outcomesText: String {
        """
        OUTCOMES

        Every started payment ends in exactly one:

        \(HelpTable(Outcome.allCases.map { ($0.name, $0.meaning) }).text)
        Always: planned = started + skipped, and started is the sum of the outcomes.
        Retries count apart; the last attempt is the outcome.

        Each outcome but accepted has a code: the service's errorCode, else HTTP 503 and
        the like, else libcurl's name for what went wrong (COULDNT_CONNECT), else one of
        ours (NO_FREE_SLOT, SENT_TOO_LATE, ABANDONED, …). errors.csv counts them.

        Payments that are in_doubt, malformed or provider_error may have been booked.
        Their ids are in reconcile.csv; paybench reconcile asks a ledger about them.

        expect, in the scenario, names the outcomes of a payment that are no error:
        accepted and declined, if it does not say. target.decline_codes lists the
        errorCodes that are declines.

        """
    }

    static var exitStatusesText: String {
        """
        EXIT STATUSES

        The same for every command:

        \(HelpTable(ExitStatus.allCases.map { ("\($0.rawValue)", $0.meaning) }).text)
        Where several hold: a signal first, then 6, 5, 3, 4.

        """
    }
}

extension Outcome {
    fileprivate var meaning: String {
        switch self {
        case .accepted: "2xx, and no errorCode in the answer"
        case .declined: "402, or an errorCode that is listed as a decline"
        case .rejected: "3xx, and every other 4xx: validation, authentication"
        case .throttled: "429"
        case .providerError: "5xx but 502 and 504; 2xx with any other errorCode"
        case .malformed: "an answer that can't be read"
        case .notSent: "it failed, or was given up, before a byte of the request left"
        case .inDoubt:
            "bytes of the request left and no conclusive answer came: time-out, reset, cut answer; "
                + "also 502 and 504. The payment may have been booked"
        }
    }
}

extension ExitStatus {
    fileprivate var meaning: String {
        switch self {
        case .fine: "fine; also where the measurement is suspect. compare: decided"
        case .ours: "our own failure: a file could not be written, the simulator did not start"
        case .budget: "a budget failed"
        case .inconclusive:
            "a budget is inconclusive, unless it says on_inconclusive: warn; compare: a verdict can't "
                + "be told; capacity: nothing is proven; reconcile: payments stay open"
        case .invalid:
            "the measurement is invalid, and --accept-invalid was not given; compare: an adapter is "
                + "down"
        case .guardRail: "a guard rail stopped it (limits); results are saved"
        case .usage: "bad command line, scenario or stored result; nothing was sent"
        case .unreachable:
            "the target could not be reached before the start (DNS, connect, TLS); no payment was sent, "
                + "no result folder"
        case .interrupted: "interrupted (SIGINT); results are saved"
        case .terminated: "terminated (SIGTERM, SIGHUP); results are saved"
        }
    }
}
