import Foundation

/// A file system in memory with room for 256 KiB; who is root can have one.
final class TinyDisk {
    static let isPossible: Bool = (try? TinyDisk()) != nil

    let path: String
    private let folder: Folder
    private var ballast: String { "\(path)/ballast" }

    init() throws {
        folder = try Folder()
        path = folder.url.appendingPathComponent("disk").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=256k") == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Takes all the room that is left.
    func fill() {
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 512)
        while write(descriptor, bytes, bytes.count) > 0 {}
        close(descriptor)
    }

    func makeRoom() { unlink(ballast) }

    func makeReadOnly() { mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) }
}
