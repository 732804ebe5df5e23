// The live connection to the server. It opens itself again when it breaks.

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 4000;

export class Connection extends EventTarget {
  #socket = null;
  #waiting = new Map();
  #lastRef = 0;
  #pause = FIRST_PAUSE;

  get isUp() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    const socket = new WebSocket(`ws://${location.host}/page/live`);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#take(JSON.parse(event.data)));
    socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      this.dispatchEvent(new Event("up"));
    });
    socket.addEventListener("close", () => this.#lose());
  }

  // Asks the server to act. The promise fails with the server's reason.
  act(act, details) {
    if (!this.isUp) return Promise.reject(new Error("offline"));
    const ref = ++this.#lastRef;
    this.#socket.send(JSON.stringify({ act, ref, ...details }));
    return new Promise((resolve, reject) => this.#waiting.set(ref, { resolve, reject }));
  }

  #take(message) {
    if (message.kind === "done" || message.kind === "refused") {
      const waiting = this.#waiting.get(message.ref);
      this.#waiting.delete(message.ref);
      if (message.kind === "done") waiting?.resolve(message);
      else waiting?.reject(new Error(message.reason));
      return;
    }
    this.dispatchEvent(new CustomEvent("change", { detail: message }));
  }

  #lose() {
    for (const { reject } of this.#waiting.values()) reject(new Error("offline"));
    this.#waiting.clear();
    this.dispatchEvent(new Event("down"));
    setTimeout(() => this.open(), this.#pause);
    this.#pause = Math.min(this.#pause * 1.6, LONGEST_PAUSE);
  }
}
