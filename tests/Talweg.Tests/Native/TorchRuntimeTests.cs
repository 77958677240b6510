using Talweg.Native;
using static TorchSharp.torch;

namespace Talweg.Tests.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void A_tensor_operation_works()
    {
        TorchRuntime.Prepare();
        using var scope = NewDisposeScope();
        var matrix = tensor(new double[] { 2, 1, 1, 3 }, 2, 2);
        Assert.Equal(5, linalg.det(matrix).item<double>(), 12);
        Assert.True(
            TorchRuntime.Remark is null || TorchRuntime.Remark.EndsWith("a copy without that need is in use, held in memory", StringComparison.Ordinal),
            TorchRuntime.Remark);
    }

    [Fact]
    public void Loading_is_a_matter_of_once_and_before_TorchSharp_tries_its_own_ways()
    {
        TorchRuntime.Load();
        TorchRuntime.Load();
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }

    [Fact]
    public void Nothing_stays_in_the_temporary_directory()
    {
        TorchRuntime.Prepare();
        using var one = ones(1);
        Assert.Equal(1, one.item<float>());
        if (OperatingSystem.IsLinux() && File.Exists("/proc/self/maps"))
        {
            string copies = Path.Combine(Path.GetTempPath(), "talweg-");
            Assert.All(File.ReadLines("/proc/self/maps").Where(line => line.Contains(copies)), line => Assert.EndsWith("(deleted)", line));
        }
    }

    [Fact]
    public void Preparing_again_from_many_threads_is_harmless() => Parallel.For(0, 16, _ => TorchRuntime.Prepare());
}
