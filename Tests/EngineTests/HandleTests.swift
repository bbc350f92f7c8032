import Curl
import Testing

/// libcurl answers a wrong order of release with memory corruption, so that ours has to be a trap.
@Suite struct HandleTests {
    @Test func theRightOrderIsQuiet() async {
        await #expect(processExitsWith: .success) {
            Libcurl.initialise()
            var multi = MultiHandle()
            var easy = EasyHandle()
            multi.attach(&easy)
            multi.detach(&easy)
            multi.attach(&easy)
            multi.detach(&easy)
            release(easy)
            release(multi)
        }
    }

    @Test func releasingAnAttachedEasyHandleTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            Libcurl.initialise()
            var multi = MultiHandle()
            var easy = EasyHandle()
            multi.attach(&easy)
            release(easy)
            release(multi)
        }
        #expect(said(result).contains("an easy handle outlives its stay in a multi handle"))
    }

    @Test func releasingAMultiHandleBeforeItsTransfersTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            Libcurl.initialise()
            var multi = MultiHandle()
            var easy = EasyHandle()
            multi.attach(&easy)
            release(multi)
            release(easy)
        }
        #expect(said(result).contains("a multi handle is released after its transfers"))
    }

    @Test func attachingTwiceTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            Libcurl.initialise()
            var one = MultiHandle()
            var two = MultiHandle()
            var easy = EasyHandle()
            one.attach(&easy)
            two.attach(&easy)
            release(easy)
        }
        #expect(said(result).contains("in one multi handle at a time"))
    }

    @Test func detachingWhatWasNeverAttachedTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            Libcurl.initialise()
            var multi = MultiHandle()
            var easy = EasyHandle()
            multi.detach(&easy)
            release(easy)
        }
        #expect(said(result).contains("only what was attached is detached"))
    }

    private func said(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
}

private func release(_ easy: consuming EasyHandle) {}
private func release(_ multi: consuming MultiHandle) {}
