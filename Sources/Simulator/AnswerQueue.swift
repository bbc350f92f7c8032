import NIOCore

/// The answers of one connection in the order of its requests, whatever order they get ready in.
/// Places cost nothing; memory is taken only while answers wait for others in front of them.
struct AnswerQueue<Answer> {
    struct Ticket { fileprivate var number: Int }

    /// Requests that have no answer out yet.
    private(set) var count = 0
    /// The number of the oldest place.
    private var first = 0
    /// From the oldest place on; nil: none is ready.
    private var waiting: CircularBuffer<Answer?>?

    /// A place behind all others.
    mutating func reserve() -> Ticket {
        count += 1
        return Ticket(number: first + count - 1)
    }

    /// Takes the place out if it is the oldest: its answer need not wait.
    mutating func pass(_ ticket: Ticket) -> Bool {
        guard ticket.number == first else { return false }
        advance()
        return true
    }

    mutating func fulfil(_ ticket: Ticket, with answer: Answer) {
        var answers = waiting ?? CircularBuffer(initialCapacity: 1)
        waiting = nil
        let offset = ticket.number - first
        while answers.count <= offset { answers.append(nil) }
        answers[offset: offset] = answer
        waiting = answers
    }

    /// Takes the oldest answer out, if it is ready.
    mutating func next() -> Answer? {
        guard let oldest = waiting?.first, let answer = oldest else { return nil }
        advance()
        return answer
    }

    private mutating func advance() {
        first += 1
        count -= 1
        guard waiting != nil else { return }
        _ = waiting?.popFirst()
        if waiting?.isEmpty == true { waiting = nil }
    }
}
