using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>A variant with what it led to, read back from its folder.</summary>
internal sealed record MeasuredVariant(EinsteinCell Cell, VariantResult Result)
{
    public static MeasuredVariant Read(FinishedCell<EinsteinCell> cell) => new(cell.Cell, VariantResult.Read(cell.File(VariantResult.FileName)));
}
