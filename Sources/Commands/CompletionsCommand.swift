import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        fileprivate var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints the completion script of a shell.",
        discussion: """
            bash: paybench completions bash > ~/.local/share/bash-completion/completions/paybench
            zsh:  paybench completions zsh > a file _paybench in a folder of $fpath
            fish: paybench completions fish > ~/.config/fish/completions/paybench.fish
            """)

    @Argument(help: "Of which shell.")
    var shell: Shell

    func run() throws {
        let script = Paybench.completionScript(for: shell.kind)
        if !Terminal.print(script + "\n") { throw ExitStatus.ours.exit }
    }
}
