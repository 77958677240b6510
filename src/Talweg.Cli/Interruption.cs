using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Talweg.Cli;

/// <summary>Ctrl-C and its kin: the first asks the work in hand to end well, the second ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>Signals so close together are one: `timeout` and batch systems signal a process and its group.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly TextWriter _error;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private long? _first;

    public Interruption(TextWriter error)
    {
        _error = error;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Cancellation => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        lock (_gate)
        {
            if (_first is { } first)
            {
                signal.Cancel = Stopwatch.GetElapsedTime(first) < Echo;   // later ones are not ours any more: the system ends the process
                return;
            }

            _first = Stopwatch.GetTimestamp();
        }

        signal.Cancel = true;
        _error.WriteLine("talweg: stopping after the write in hand; once more to stop at once");
        _source.Cancel();
    }
}
