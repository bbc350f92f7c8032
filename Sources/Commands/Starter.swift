/// What `paybench init` writes and says.
enum Starter {
    /// Valid as it is, on the built-in provider.
    static let text = """
        # What to send, how fast and how long. Runs as it is, on the built-in provider:
        #
        #     paybench plan FILE        what would be sent; sends nothing
        #     paybench run FILE
        #     paybench explain load     what a key is for; without a key: all of them
        #
        # An editor completes and checks it once `paybench schema > paybench.schema.json` has run and the
        # first line says:  # yaml-language-server: $schema=paybench.schema.json
        version: 1                    # of this format
        name: first                   # names the result folder: results/first-<time>/
        seed: 42                      # of every random choice; leave it out for a new one in each run

        target:
          base_url: simulator         # the built-in provider; later the URL of a service, with:
          # environment: sandbox      # sandbox, staging or production (asks for --yes)
          # allow_hosts: [pay.example.test]           # the only hosts that anything is sent to
          # auth: { bearer: "${secret:PAY_TOKEN}" }   # the environment variable PAY_TOKEN, never shown

        simulator:                    # what the built-in provider does; goes away with a URL above
          latency: { lognormal: { p50: 80ms, p99: 400ms } }
          answers:                    # the rest is accepted
            - { share: 3%, status: 402, code: CardDeclined }

        limits:                       # a larger plan is refused, a run that gets there stops
          payments: 10000
          duration: 5m

        payments:                     # a weighted mix: 7 of 10 are card payments
          - name: card
            weight: 7
            client_type: IOS          # IOS, Android or Web
            payment_method: { type: scheme, token: "tok-${int(1000,9999)}" }
          - name: wallet
            weight: 3
            client_type: Web
            payment_method: { type: wallet, token: "wallet-${seq}" }

        load:                         # phases, one after another
          - { phase: warm-up, rate: 20/s, for: 2s, measure: false }   # counted, not measured
          - { phase: steady, rate: 100/s, for: 10s }                  # as traffic from outside comes
          # - { phase: callers, users: 20, think_time: 100ms, for: 10s }   # each waits for its answer

        """

    static func nextSteps(file: String) -> String {
        """
        \(file) is written. Next:

          paybench plan \(file)       what would be sent; sends nothing
          paybench run \(file)
          paybench explain            every key of the file

        """
    }
}
