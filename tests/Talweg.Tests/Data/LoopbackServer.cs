using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Talweg.Tests.Data;

/// <summary>What <see cref="LoopbackServer"/> answers.</summary>
/// <param name="Status">The status line after "HTTP/1.1 ".</param>
/// <param name="Body">The whole body.</param>
/// <param name="CutAfter">Close the connection after so many bytes of the body.</param>
/// <param name="Silent">Send nothing at all.</param>
internal sealed record Reply(string Status, byte[] Body, int? CutAfter = null, bool Silent = false)
{
    public string Headers { get; init; } = "";

    public static Reply Ok(byte[] body, int? cutAfter = null) => new("200 OK", body, cutAfter);

    public static Reply From(byte[] whole, long from) => new("206 Partial Content", whole[(int)from..])
    {
        Headers = $"Content-Range: bytes {from}-{whole.Length - 1}/{whole.Length}\r\n",
    };

    public static Reply Redirect(string target) => new("302 Found", []) { Headers = $"Location: {target}\r\n" };

    public static Reply NotFound { get; } = new("404 Not Found", []);
}

/// <summary>A web server of one thread on this machine, which can break connections where a test wants it.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, long?, Reply> _answer;
    private readonly Task _work;

    /// <param name="answer">From path and start of the range asked for to the reply.</param>
    public LoopbackServer(Func<string, long?, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _work = Task.Run(ServeAsync);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _work.Wait();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
        long? from = null;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'));
        Requests.Enqueue(from is null ? path : $"{path} from {from}");
        var reply = _answer(path, from);
        if (reply.Silent)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        string head = $"HTTP/1.1 {reply.Status}\r\n{reply.Headers}Content-Length: {reply.Body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.CutAfter ?? reply.Body.Length), _stop.Token);
    }
}
