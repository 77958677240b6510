using System.CommandLine;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg measure …</c>: one measure on files, of Talweg's making or others'.</summary>
internal static class MeasureCommand
{
    public static Command Of(Session session) => new("measure", "Measure a trajectory, or a landscape and its noise along directions")
    {
        MeasureModesCommand.Of(session),
        MeasureTransectCommand.Of(session),
        MeasureFlatnessCommand.Of(session),
        MeasureTemperatureCommand.Of(session),
        MeasureEnsembleCommand.Of(session),
    };
}
