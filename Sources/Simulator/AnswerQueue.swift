import NIOCore

/// The answers of one connection in the order of its requests, whatever order they get ready in.
struct AnswerQueue<Answer> {
    struct Ticket { fileprivate var number: Int }

    private var answers = CircularBuffer<Answer?>(initialCapacity: 1)
    /// The number of the oldest place.
    private var first = 0

    /// Requests that have no answer out yet.
    var count: Int { answers.count }

    /// A place behind all others.
    mutating func reserve() -> Ticket {
        answers.append(nil)
        return Ticket(number: first + answers.count - 1)
    }

    mutating func fulfil(_ ticket: Ticket, with answer: Answer) {
        answers[offset: ticket.number - first] = answer
    }

    /// Takes the oldest answer out, if it is ready.
    mutating func next() -> Answer? {
        guard let oldest = answers.first, let answer = oldest else { return nil }
        answers.removeFirst()
        first += 1
        return answer
    }
}
