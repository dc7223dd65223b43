"""Speaks the Language Server Protocol with norm-lsp-server as an editor does: opens
a graph with an error, mends it, and asks what is under the cursor and where it
comes from. Prints what the server says."""
import json
import subprocess

WRONG = """\
func.func @f(%x: tensor<?x8xf32>, %g: tensor<8xf32>) -> tensor<?x8xf32> {
  %n = norm.rms_norm %x scale %g axes [2] : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %y = norm.activation silu %n : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
"""
RIGHT = WRONG.replace("axes [2]", "axes [1]")
URI = "file:///graph.mlir"


class Server:
    def __init__(self):
        self.process = subprocess.Popen(["norm-lsp-server"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.id = 0

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = None
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length is not None, "the server is gone"
        return json.loads(self.process.stdout.read(length))

    def notify(self, method, **params):
        self.send(method=method, params=params)

    def ask(self, method, **params):
        self.id += 1
        self.send(id=self.id, method=method, params=params)
        while (answer := self.receive()).get("id") != self.id:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def diagnostics(self):
        while (message := self.receive()).get("method") != "textDocument/publishDiagnostics":
            pass
        return message["params"]["diagnostics"]


def position(text, word):
    """Where the first `word` of the text is."""
    line = text[:text.index(word)].count("\n")
    return {"line": line, "character": text.splitlines()[line].index(word)}


def show(range_):
    start = range_["start"]
    return "%d:%d" % (start["line"] + 1, start["character"] + 1)


def main():
    server = Server()
    able = server.ask("initialize", processId=None, rootUri=None, capabilities={})["capabilities"]
    print("hover:", able["hoverProvider"], "definition:", able["definitionProvider"])
    server.notify("initialized")

    server.notify("textDocument/didOpen", textDocument={
        "uri": URI, "languageId": "mlir", "version": 1, "text": WRONG})
    for diagnostic in server.diagnostics():
        print("diagnostic:", show(diagnostic["range"]), diagnostic["message"])
    server.notify("textDocument/didChange", textDocument={"uri": URI, "version": 2},
                  contentChanges=[{"text": RIGHT}])
    print("mended:", server.diagnostics())

    document = {"uri": URI}
    hover = server.ask("textDocument/hover", textDocument=document,
                       position=position(RIGHT, "norm.rms_norm"))
    print("hover:", hover["contents"]["value"].replace("\n", " "))
    # The operand of the activation is the result of the norm, in the line before.
    use = position(RIGHT, "%n : (")
    for place in server.ask("textDocument/definition", textDocument=document, position=use):
        print("definition:", show(place["range"]))
    uses = server.ask("textDocument/references", textDocument=document,
                      position=position(RIGHT, "%g axes"), context={"includeDeclaration": True})
    print("references:", sorted(show(place["range"]) for place in uses))

    server.ask("shutdown")
    server.notify("exit")
    print("exit status:", server.process.wait(timeout=60))


main()
