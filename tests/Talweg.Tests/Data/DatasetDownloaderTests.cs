using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Tests.Data;

public sealed class DatasetDownloaderTests : IDisposable
{
    private static readonly byte[] TrainImages = IdxBytes.Images(40, 4, 4), TrainLabels = IdxBytes.Labels(40);
    private static readonly byte[] TestImages = IdxBytes.Images(20, 4, 4), TestLabels = IdxBytes.Labels(20);
    private static readonly byte[] Noise = Draw(5000);

    /// <summary>A machine under load may take seconds to answer itself: only where a server is silent on purpose a download waits for less than half a minute.</summary>
    private static readonly DownloadLimits Patient = new() { LargestFile = 100_000, AllowLoopback = true };

    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["train-images-idx3-ubyte"] = TrainImages,
        ["train-labels-idx1-ubyte"] = TrainLabels,
        ["t10k-images-idx3-ubyte"] = TestImages,
        ["t10k-labels-idx1-ubyte"] = TestLabels,
    };

    private readonly TemporaryFolder _folder = new();

    private DataRoots Roots => new(Explicit: null, Environment: null, Cache: _folder["cache"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_set_is_downloaded_once_and_verified()
    {
        var reports = new List<WorkProgress>();
        using var server = new LoopbackServer((path, _) => Serve(path));
        var set = Load(SetAt(server.Address), new Recorder(reports));
        Assert.Equal((40, 20), (set.Train.Count, set.Test.Count));
        Assert.Equal(TrainImages[16..], set.Train.Pixels.ToArray());
        Assert.Contains(reports, report => report.What == "downloading train-images-idx3-ubyte.gz" && report.Done == report.Total);
        Assert.Equal(set.Checksum, Load(SetAt(server.Address)).Checksum);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void A_cut_download_is_resumed_where_it_stopped()
    {
        byte[] packed = IdxBytes.Pack(TrainImages);
        using var server = new LoopbackServer((path, from) =>
            !path.Contains("train-images", StringComparison.Ordinal) ? Serve(path)
            : from is { } start ? Reply.From(packed, start) : Reply.Ok(packed, cutAfter: 50));
        Assert.Equal(40, Load(SetAt(server.Address)).Train.Count);
        Assert.Equal(["/train-images-idx3-ubyte.gz", "/train-images-idx3-ubyte.gz from 50"], server.Requests.Take(2));
    }

    [Fact]
    public void A_server_that_knows_no_ranges_is_asked_from_the_start()
    {
        byte[] packed = IdxBytes.Pack(TrainImages);
        int asked = 0;
        using var server = new LoopbackServer((path, _) =>
            path.Contains("train-images", StringComparison.Ordinal) && asked++ == 0 ? Reply.Ok(packed, cutAfter: 50) : Serve(path));
        Assert.Equal(40, Load(SetAt(server.Address)).Train.Count);
    }

    [Fact]
    public void An_unfinished_file_of_other_bytes_is_thrown_away()
    {
        byte[] packed = IdxBytes.Pack(TrainImages);
        bool first = true;
        using var server = new LoopbackServer((path, from) =>
        {
            if (!path.Contains("train-images", StringComparison.Ordinal))
                return Serve(path);
            if (first)
                return Reply.Ok(Noise, cutAfter: 60);
            return from is { } start ? Reply.From(packed, start) : Reply.Ok(packed);
        });
        var set = SetAt(server.Address);
        first = true;
        using (var once = new DatasetDownloader(Patient with { Resumptions = 0 }))
            Assert.Throws<InputException>(() => once.Download(set, _folder["cache/toy"], null, TestContext.Current.CancellationToken));
        first = false;
        Assert.Equal(40, Load(set).Train.Count);
        Assert.Equal(["/train-images-idx3-ubyte.gz from 60", "/train-images-idx3-ubyte.gz"], server.Requests.Skip(1).Take(2));
    }

    [Fact]
    public void Wrong_bytes_send_the_download_to_the_next_mirror()
    {
        using var wrong = new LoopbackServer((_, _) => Reply.Ok(Noise));
        using var right = new LoopbackServer((path, _) => Serve(path));
        Assert.Equal(40, Load(SetAt(wrong.Address, right.Address)).Train.Count);
        Assert.Single(wrong.Requests);                         // the mirror that failed is not the first choice any more
        Assert.Equal([".lock", .. Files.Keys.Select(name => name + ".gz").Order(StringComparer.Ordinal)],
            Directory.GetFiles(_folder["cache/toy"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("file:///etc/passwd"), InlineData("javascript:alert(1)"), InlineData("http://example.org/file"), InlineData("ftp://127.0.0.1/file"), InlineData("//[")]
    public void A_mirror_that_sends_elsewhere_than_to_https_gives_way_to_the_next(string target)
    {
        using var astray = new LoopbackServer((_, _) => Reply.Redirect(target));
        using var right = new LoopbackServer((path, _) => Serve(path));
        Assert.Equal(40, Load(SetAt(astray.Address, right.Address)).Train.Count);
        Assert.Single(astray.Requests);
        string message = Assert.Throws<InputException>(() => Download(SetAt(astray.Address), "alone")).Message;
        Assert.Contains(target == "//[" ? $"  {astray.Address}train-images-idx3-ubyte.gz: " : $": the server sends on to {target}, which is no https address", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_is_followed_a_few_times_and_a_resumed_download_too()
    {
        byte[] packed = IdxBytes.Pack(TrainImages);
        using var server = new LoopbackServer((path, from) =>
            path == "/endless" ? Reply.Redirect("endless")
            : path.StartsWith("/mirror/", StringComparison.Ordinal) ? Reply.Redirect($"..{path["/mirror".Length..]}")
            : !path.Contains("train-images", StringComparison.Ordinal) ? Serve(path)
            : from is { } start ? Reply.From(packed, start) : Reply.Ok(packed, cutAfter: 50));
        Assert.Equal(40, Load(SetAt(new Uri(server.Address, "mirror/"))).Train.Count);
        Assert.Equal("/train-images-idx3-ubyte.gz from 50", server.Requests.ElementAt(3));
        using var endless = new LoopbackServer((_, _) => Reply.Redirect("/again"));
        Assert.Contains("the server sends on more than 5 times", Assert.Throws<InputException>(() => Download(SetAt(endless.Address), "alone")).Message, StringComparison.Ordinal);
        Assert.Equal(6, endless.Requests.Count);
    }

    [Fact]
    public void Mirrors_are_asked_by_https_alone()
    {
        using var server = new LoopbackServer((path, _) => Serve(path));
        using var downloader = new DatasetDownloader(Patient with { AllowLoopback = false });
        Assert.Contains("train-images-idx3-ubyte.gz: found http, expected an https address", Assert.Throws<InputException>(
            () => downloader.Download(SetAt(server.Address), _folder["alone"], null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.All(DatasetCatalogue.All.SelectMany(set => set.Mirrors), mirror => Assert.Equal("https", mirror.Scheme));
    }

    [Fact]
    public void What_killed_downloads_left_is_gone_once_the_file_is_there()
    {
        string left = _folder.Write("cache/toy/train-images-idx3-ubyte.gz.0123abcd.part", Noise), other = _folder.Write("cache/toy/notes.gz.part", Noise);
        using var server = new LoopbackServer((path, _) => Serve(path));
        Load(SetAt(server.Address));
        Assert.Equal((false, true), (File.Exists(left), File.Exists(other)));
    }

    [Fact]
    public void A_checksum_of_the_packed_file_is_compared_with_the_packed_file()
    {
        using var server = new LoopbackServer((path, _) => Serve(path));
        var set = SetAt(server.Address);
        set = set with { Files = [.. set.Files.Select(file => new PublishedFile(file.Name, Md5(IdxBytes.Pack(Files[file.Name])), ChecksumCovers.PackedFile))] };
        Assert.Equal(40, Load(set).Train.Count);
    }

    [Fact]
    public void When_all_mirrors_fail_the_message_says_why_and_what_to_do()
    {
        using var gone = new LoopbackServer((_, _) => Reply.NotFound);
        using var silent = new LoopbackServer((_, _) => new("", [], Silent: true));
        using var wrong = new LoopbackServer((_, _) => Reply.Ok(IdxBytes.Pack(TestImages)));
        using var huge = new LoopbackServer((_, _) => Reply.Ok(new byte[100_001]));
        var closed = ClosedPort();
        var error = Assert.Throws<InputException>(() => Load(SetAt(gone.Address, silent.Address, wrong.Address, huge.Address, closed), limits: Patient with { Silence = TimeSpan.FromSeconds(3) }));
        string[] lines = error.Message.Split('\n');
        Assert.Equal("toy: train-images-idx3-ubyte.gz could not be downloaded:", lines[0]);
        Assert.Equal($"  {gone.Address}train-images-idx3-ubyte.gz: the server answers 404 Not Found", lines[1]);
        Assert.Equal($"  {silent.Address}train-images-idx3-ubyte.gz: no answer in time", lines[2]);
        Assert.Contains("does not have the published checksum", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("the file is larger than 100000 bytes", lines[4], StringComparison.Ordinal);
        Assert.Contains("refused", lines[5], StringComparison.Ordinal);
        Assert.Equal("It is not on disk either; looked in", lines[6]);
        Assert.Equal($"  {_folder["cache/toy"]}: none of the files", lines[7]);
        Assert.StartsWith("To provide it, put train-images-idx3-ubyte, ", lines[8], StringComparison.Ordinal);
        Assert.Contains("--data-root FOLDER or set TALWEG_DATA=FOLDER", lines[8], StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_is_no_failure_of_the_mirror()
    {
        using var silent = new LoopbackServer((_, _) => new("", [], Silent: true));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        using var downloader = new DatasetDownloader(Patient);
        Assert.ThrowsAny<OperationCanceledException>(() => downloader.Download(SetAt(silent.Address), _folder["cache/toy"], null, cancel.Token));
    }

    private void Download(DatasetDescription set, string folder)
    {
        using var downloader = new DatasetDownloader(Patient);
        downloader.Download(set, _folder[folder], null, TestContext.Current.CancellationToken);
    }

    private Dataset Load(DatasetDescription set, IProgress<WorkProgress>? progress = null, DownloadLimits? limits = null) =>
        Datasets.Load(set, Roots, limits ?? Patient, progress, TestContext.Current.CancellationToken);

    private static DatasetDescription SetAt(params Uri[] mirrors) => new()
    {
        Name = "toy",
        Title = "a toy",
        Files = [.. Files.Select(file => new PublishedFile(file.Key, Md5(file.Value), ChecksumCovers.UnpackedBytes))],
        Mirrors = mirrors,
    };

    private static Reply Serve(string path) => Reply.Ok(IdxBytes.Pack(Files[path[1..^3]]));

#pragma warning disable CA5351 // the checksums that data sets publish are MD5
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private static byte[] Draw(int count)
    {
        var random = new RandomStream(1, "noise");
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(256))];
    }

    private static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    private sealed class Recorder(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}
