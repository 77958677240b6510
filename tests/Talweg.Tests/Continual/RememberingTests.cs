using Talweg.Continual;
using Talweg.Conventions;
using Talweg.Tests.Storage;

namespace Talweg.Tests.Continual;

/// <summary>Memories do not depend on the process that makes them. Alone, since torch's threads are the process's.</summary>
[Collection(Alone.Name)]
public sealed class RememberingTests
{
    /// <summary>A resumed run makes its memories anew and knows them by their last bits, wherever the garbage collector puts their numbers and however many threads torch has.</summary>
    [Theory]
    [InlineData("ldc:lambda=0.2,modes=8")]
    [InlineData("ldc:lambda=0.2,modes=8,flatness=variance")]
    [InlineData("ewc:lambda=1")]
    [InlineData("ewc:lambda=1,fisher=empirical")]
    [InlineData("ewc:lambda=1,fisher=minibatch")]
    public void Remembering_again_gives_the_same_bits(string method)
    {
        using var folder = new TemporaryFolder();
        var task = MethodsTests.Trained(folder["trained"]);
        var kept = new List<byte[]>();
        string Describe(int attempt)
        {
            kept.Add(new byte[8 * (attempt * 37 % 101) + 100_000]);            // moves what comes next by a multiple of 8 bytes
            TorchSharp.torch.set_num_threads(1 + attempt % 2);
            var memory = ContinualMethods.Parse(method).Remember(null, task, new(1 + attempt % 3));
            return memory!.Description + ContinualMethods.Parse(method).Remember(memory, task, new(1 + attempt % 3))!.Description;
        }

        int threads = TorchSharp.torch.get_num_threads();
        try
        {
            string once = Describe(0);
            for (int attempt = 1; attempt < 16; attempt++)
                Assert.Equal(once, Describe(attempt));
            Assert.Equal(16, kept.Count);
        }
        finally
        {
            TorchSharp.torch.set_num_threads(threads);
        }
    }
}
