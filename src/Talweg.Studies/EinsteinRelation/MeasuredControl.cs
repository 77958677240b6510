using Talweg.Statistics;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>A control with what it found, read back from its folder.</summary>
internal sealed record MeasuredControl(EinsteinCell Cell, ControlResult Result, MotionTable Thermal, MotionTable Fixed, MotionTable Sgd)
{
    public static MeasuredControl Read(FinishedCell<EinsteinCell> cell) => new(
        cell.Cell,
        ControlResult.Read(cell.File(ControlResult.FileName)),
        MotionTable.Read(cell.File(MotionTable.ThermalFile)),
        MotionTable.Read(cell.File(MotionTable.DirectionsFile)),
        MotionTable.Read(cell.File(MotionTable.SgdFile)));

    /// <summary>Indices of the modes that relax often enough within the window.</summary>
    public int[] Relaxed => Thermal.Relaxed;

    /// <summary>σ² ~ F^k over the modes in equilibrium; null if there are fewer than ten.</summary>
    public PowerLawFit? ThermalLaw => Law(Thermal);

    /// <summary>The same along the Hessian's eigenvectors at the solution, which were chosen before the motion began.</summary>
    public PowerLawFit? FixedLaw => Law(Fixed);

    /// <summary>The same over SGD's modes 2 to 200, as the study of the inverse relation fits it.</summary>
    public PowerLawFit? SgdLaw => Estimators.Law(Sgd.Flatness, Estimators.Nullable(Sgd.Variance));

    private static PowerLawFit? Law(MotionTable table)
    {
        int[] relaxed = table.Relaxed;
        return relaxed.Length < 10 ? null
            : PowerLaw.LeastSquares([.. relaxed.Select(mode => table.Flatness[mode]!.Value)], [.. relaxed.Select(mode => table.Variance[mode])]);
    }
}
