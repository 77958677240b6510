using Talweg.Conventions;
using Talweg.Native;
using TorchSharp;

[assembly: AssemblyFixture(typeof(ProcessFixture))]

namespace Talweg.Conventions;

/// <summary>What is made before the first test, once, and taken back after the last: torch's operations take one thread each, in all tests, since the number is the process's, not a test's; and the process's folder goes.</summary>
public sealed class ProcessFixture : IDisposable
{
    public ProcessFixture()
    {
        TorchRuntime.Load();
        torch.set_num_threads(1);
    }

    public void Dispose() => TestProcess.Remove();
}
