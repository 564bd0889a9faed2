import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** A TCP proxy on the loopback interface whose replies can be delayed, and which can be cut. */
export class TcpProxy {
  /** Delay of the bytes that come back, in milliseconds. */
  delayMs = 0;
  private isCut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Starts a proxy in front of a port. */
  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new TcpProxy(server, address.port);
    server.on('connection', (downstream) => {
      if (proxy.isCut) downstream.destroy();
      else proxy.join(downstream, connect(targetPort, '127.0.0.1'));
    });
    return proxy;
  }

  /** Ends all connections, and every new one until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(downstream: Socket, upstream: Socket): void {
    for (const [socket, other] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      this.sockets.add(socket);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      // The close that follows is handled above.
      socket.on('error', () => socket.destroy());
    }
    downstream.on('data', (data: Buffer) => upstream.write(data));
    upstream.on('data', (data: Buffer) => {
      setTimeout(() => downstream.destroyed || downstream.write(data), this.delayMs);
    });
  }
}
