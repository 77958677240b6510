using System.Net;
using System.Net.Http.Headers;
using Talweg.Storage;

namespace Talweg.Data;

/// <summary>A mirror did not deliver; the message says why, and the next mirror is tried.</summary>
internal sealed class FetchException(string message) : Exception(message);

/// <summary>Fetches one address into one file, and takes a cut download up where it stopped.</summary>
internal sealed class FileFetcher : IDisposable
{
    private readonly HttpClient _client;
    private readonly DownloadLimits _limits;

    public FileFetcher(DownloadLimits limits)
    {
        _limits = limits;
        _client = new(new SocketsHttpHandler { ConnectTimeout = limits.Connect, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new("talweg", "1"));
    }

    /// <summary>Completes <paramref name="partial"/>, of at most <paramref name="largest"/> bytes, reporting bytes done and in all (0 when unknown).</summary>
    /// <exception cref="FetchException">The mirror cannot be reached, refuses, falls silent, or sends too much.</exception>
    public async Task FetchAsync(Uri address, string partial, long largest, Action<long, long> report, CancellationToken cancellation)
    {
        for (int resumption = 0; ; resumption++)
        {
            long before = LengthOf(partial);
            if (await TryOnceAsync(address, partial, largest, report, cancellation).ConfigureAwait(false) is not { } cut)
                return;
            bool gained = LengthOf(partial) > before;
            if (!gained || resumption >= _limits.Resumptions)
                throw new FetchException(cut);
        }
    }

    public void Dispose() => _client.Dispose();

    // Null when complete; else why the connection was cut in the middle.
    private async Task<string?> TryOnceAsync(Uri address, string partial, long largest, Action<long, long> report, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(_limits.Connect + _limits.Silence);
        try
        {
            using var response = await AskAsync(address, partial, silence.Token).ConfigureAwait(false);
            try
            {
                await ReceiveAsync(response, partial, largest, report, silence).ConfigureAwait(false);
                return null;
            }
            catch (CutException e)
            {
                return $"cut off: {e.Message}";
            }
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or NotSupportedException)
        {
            throw new FetchException(e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FetchException("no answer in time");
        }
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address, string partial, CancellationToken cancellation)
    {
        long have = LengthOf(partial);
        var response = await FollowAsync(address, have, cancellation).ConfigureAwait(false);
        bool resumes = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (resumes || response.StatusCode == HttpStatusCode.OK)
            return response;
        response.Dispose();
        if (have == 0)
            throw new FetchException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
        File.Delete(partial);                                  // no such range: what we have is not the beginning of that file
        return await AskAsync(address, partial, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for the bytes from <paramref name="from"/> on, and goes where the server sends, if that is an address to fetch from.</summary>
    private async Task<HttpResponseMessage> FollowAsync(Uri address, long from, CancellationToken cancellation)
    {
        for (int redirect = 0; ; redirect++)
        {
            RequireTrusted(address, redirect);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } target)
                return response;
            response.Dispose();
            if (redirect >= _limits.Redirects)
                throw new FetchException($"the server sends on more than {_limits.Redirects} times");
            address = target.IsAbsoluteUri ? target : new(address, target);
        }
    }

    private void RequireTrusted(Uri address, int redirect)
    {
        if (address.Scheme == Uri.UriSchemeHttps || (_limits.AllowLoopback && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return;
        throw new FetchException(redirect == 0 ? $"found {address.Scheme}, expected an https address" : $"the server sends on to {Quoted.Name(address.OriginalString)}, which is no https address");
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private async Task ReceiveAsync(HttpResponseMessage response, string partial, long largest, Action<long, long> report, CancellationTokenSource silence)
    {
        bool resumes = response.StatusCode == HttpStatusCode.PartialContent;
        using var file = new FileStream(partial, resumes ? FileMode.Append : FileMode.Create, FileAccess.Write);
        long done = file.Position, total = response.Content.Headers.ContentLength is { } rest ? done + rest : 0;
        RequireSize(total, largest);
        using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        byte[] block = new byte[1 << 16];
        for (int got; (got = await ReadAsync(body, block, silence.Token).ConfigureAwait(false)) > 0;)
        {
            RequireSize(done += got, largest);
            await file.WriteAsync(block.AsMemory(0, got), silence.Token).ConfigureAwait(false);
            silence.CancelAfter(_limits.Silence);
            report(done, total);
        }
    }

    private static async Task<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(block, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new CutException(e.Message);
        }
    }

    private static void RequireSize(long bytes, long largest)
    {
        if (bytes > largest)
            throw new FetchException($"the file is larger than {largest} bytes");
    }

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The connection broke in the middle of the file.</summary>
    private sealed class CutException(string message) : Exception(message);
}
