namespace Talweg.Studies.Running;

/// <summary>How cells share the cores. It depends on all cells of the run, not on those left, so that a resumed cell gives the same bits.</summary>
/// <param name="AtOnce">Cells that run at once.</param>
/// <param name="Threads">Threads of each.</param>
internal sealed record Parallelism(int AtOnce, int Threads)
{
    public static Parallelism For(int cells, int cores)
    {
        int atOnce = Math.Clamp(cells, 1, cores);
        return new(atOnce, cores / atOnce);
    }
}
