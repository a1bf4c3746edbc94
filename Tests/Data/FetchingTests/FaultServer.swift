import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A local server that sends exactly the given bytes at the given times.
final class FaultServer: Sendable {
  /// A request from a client.
  struct Request: Sendable {
    let path: String
    let fields: [String: String]
  }

  /// One step of the server's response to a request. The connection stays open until a `close` step.
  enum Step: Sendable {
    case send([UInt8])
    case pause(Duration)
    /// An endless wait with an open connection.
    case stall
    case close
  }

  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let channel: any Channel
  private let handled = Mutex<(requests: [Request], sentByteCount: Int, openConnectionCount: Int)>(([], 0, 0))

  /// Creates a server that listens on a free port. The closure returns the steps of the response to each request.
  init(_ respond: @escaping @Sendable (Request) -> [Step]) throws {
    let reference = WeakServer()
    channel = try ServerBootstrap(group: Self.group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Connection(respond, reference))
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    reference.set(self)
  }

  deinit { channel.close(promise: nil) }

  var port: Int { channel.localAddress?.port ?? 0 }

  /// Returns the URL of a path on the server.
  func url(_ path: String = "") -> String { "http://127.0.0.1:\(port)/\(path)" }

  var requests: [Request] { handled.withLock { $0.requests } }

  /// The number of bytes that the server has passed to the system for sending, including response headers.
  var sentByteCount: Int { handled.withLock { $0.sentByteCount } }

  /// Waits until the server knows that every client has disconnected.
  ///
  /// After this call, ``sentByteCount`` stays the same until the next request.
  ///
  /// - Returns: false if a client is still connected after 10 seconds.
  func waitUntilUnused() -> Bool {
    for _ in 0..<10_000 {
      if handled.withLock({ $0.openConnectionCount }) == 0 { return true }
      usleep(1_000)
    }
    return false
  }

  fileprivate func note(openConnections change: Int) { handled.withLock { $0.openConnectionCount += change } }
  fileprivate func note(_ request: Request) { handled.withLock { $0.requests.append(request) } }
  fileprivate func note(sent byteCount: Int) { handled.withLock { $0.sentByteCount += byteCount } }

  /// Returns a port on which no server listens.
  static func closedPort() throws -> Int {
    let channel = try ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).wait()
    let port = channel.localAddress?.port ?? 1
    try channel.close().wait()
    return port
  }
}

private final class WeakServer: Sendable {
  private struct Box: @unchecked Sendable { weak var server: FaultServer? }
  private let box = Mutex(Box())
  func set(_ server: FaultServer) { box.withLock { $0.server = server } }
  var server: FaultServer? { box.withLock { $0.server } }
}

/// A connection that reads each request up to its final empty line, and then performs the steps of the response.
private final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let respond: @Sendable (FaultServer.Request) -> [FaultServer.Step]
  private let reference: WeakServer
  private var received: [UInt8] = []

  init(_ respond: @escaping @Sendable (FaultServer.Request) -> [FaultServer.Step], _ reference: WeakServer) {
    self.respond = respond
    self.reference = reference
  }

  func channelActive(context: ChannelHandlerContext) { reference.server?.note(openConnections: 1) }
  func channelInactive(context: ChannelHandlerContext) { reference.server?.note(openConnections: -1) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += Array(unwrapInboundIn(data).readableBytesView)
    guard received.suffix(4) == [13, 10, 13, 10] else { return }
    let lines = String(decoding: received, as: UTF8.self).split(separator: "\r\n")
    received = []
    let words = lines.first?.split(separator: " ") ?? []
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let request = FaultServer.Request(path: words.count > 1 ? String(words[1].drop { $0 == "/" }) : "", fields: fields)
    reference.server?.note(request)
    perform(respond(request)[...], context)
  }

  private func perform(_ steps: ArraySlice<FaultServer.Step>, _ context: ChannelHandlerContext) {
    guard let step = steps.first, context.channel.isActive else { return }
    let rest = steps.dropFirst()
    switch step {
    case .send(let bytes):
      reference.server?.note(sent: bytes.count)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenSuccess {
        let (connection, context) = bound.value
        connection.perform(rest, context)
      }
    case .pause(let time):
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: TimeAmount(time)) {
        let (connection, context) = bound.value
        connection.perform(rest, context)
      }
    case .stall:
      break
    case .close:
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
