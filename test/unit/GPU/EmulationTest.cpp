//===- EmulationTest.cpp - Mistakes that the emulation of a GPU finds -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/GPU/Emulation.h"
#include "norm/Driver/CodeGen.h"
#include "norm/Driver/JIT.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"

using namespace mlir::norm;

namespace {

constexpr char kPrologue[] = R"(
declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
declare void @llvm.nvvm.membar.gl()
declare i32 @llvm.nvvm.shfl.sync.bfly.i32(i32, i32, i32, i32)
declare void @llvm.nvvm.barrier.cluster.arrive.aligned()
declare void @llvm.nvvm.barrier.cluster.arrive.relaxed.aligned()
declare void @llvm.nvvm.barrier.cluster.wait.aligned()
declare ptr addrspace(7) @llvm.nvvm.mapa.shared.cluster(ptr addrspace(3), i32)
@s = internal addrspace(3) global [64 x i32] undef, align 16
@c = internal addrspace(1) constant [2 x i32] [i32 5, i32 7], align 128
define ptx_kernel void @k(ptr addrspace(1) %out) #0 {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %b = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %mine = getelementptr i32, ptr addrspace(3) @s, i32 %t
  %other = xor i32 %t, 32
  %yours = getelementptr i32, ptr addrspace(3) @s, i32 %other
  %slot = getelementptr i32, ptr addrspace(1) %out, i32 %t
)";
constexpr char kEpilogue[] = R"(
  ret void
}
attributes #0 = { "nvvm.cluster_dim"="CLUSTER,1,1" }
)";

/// Runs the body of a kernel of which a block has 64 threads.
class EmulationTest : public testing::Test {
protected:
  /// What is wrong with `body`; empty if nothing is.
  std::string run(const std::string &body, int64_t grid = 1, int cluster = 1) {
    std::string epilogue = kEpilogue;
    epilogue.replace(epilogue.find("CLUSTER"), 7, std::to_string(cluster));
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::LLVMContext context;
    llvm::SMDiagnostic diagnostic;
    std::unique_ptr<llvm::Module> module = llvm::parseAssemblyString(
        kPrologue + body + epilogue, diagnostic, context);
    if (!module)
      return diagnostic.getMessage().str();
    std::string error;
    llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
    const llvm::Target *target =
        llvm::TargetRegistry::lookupTarget(triple, error);
    std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
        triple, "", "", llvm::TargetOptions(), llvm::Reloc::PIC_));
    if (llvm::Error failure = makeEmulated(*module, *machine))
      return llvm::toString(std::move(failure));
    EXPECT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
    llvm::SmallVector<char, 0> object;
    if (mlir::failed(emitMachineCode(
            *module, *machine, llvm::CodeGenFileType::ObjectFile, object)))
      return "no object";
    auto linked = LinkedObject::link(object, getEmulationSymbols());
    if (!linked)
      return llvm::toString(linked.takeError());
    llvm::Expected<void *> image = (*linked)->lookup("norm_gpu_image");
    if (!image)
      return llvm::toString(image.takeError());
    return launch(*image, grid);
  }

  std::vector<int32_t> results = std::vector<int32_t>(64, -1);

private:
  std::string launch(void *image, int64_t grid) {
    struct {
      void *stream;
      int32_t status;
    } state = {nullptr, 0};
    const auto *symbol =
        llvm::find_if(getEmulationSymbols(), [](const auto &entry) {
          return entry.first == "norm_cuda_launch";
        });
    auto *function =
        reinterpret_cast<void (*)(void *, const void *, const char *, int64_t,
                                  int32_t, void **)>(symbol->second);
    setDeviceMemory({{reinterpret_cast<const char *>(results.data()),
                      results.size() * sizeof(int32_t)}});
    void *address = results.data();
    void *arguments[] = {&address};
    function(&state, image, "k", grid, 64, arguments);
    EXPECT_EQ(state.status == 0, getEmulationError().empty());
    return getEmulationError();
  }
};

constexpr char kExchange[] = R"(
  store i32 %t, ptr addrspace(3) %mine
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %v = load i32, ptr addrspace(3) %yours
  store i32 %v, ptr addrspace(1) %slot
)";

TEST_F(EmulationTest, ThreadsExchangeValues) {
  EXPECT_EQ(run(kExchange, 5), "");
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(results[i], i ^ 32);
}

TEST_F(EmulationTest, LanesExchangeValues) {
  EXPECT_EQ(run(R"(
  %a = call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %t, i32 1, i32 31)
  %v = call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %a, i32 16, i32 31)
  store i32 %v, ptr addrspace(1) %slot
)",
                4),
            "");
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(results[i], i ^ 17);
}

TEST_F(EmulationTest, MissingBarrier) {
  std::string body = kExchange;
  size_t begin = body.find("  call void");
  body.erase(begin, body.find('\n', begin) - begin);
  // In whatever order the threads run.
  for (int64_t grid = 1; grid <= 4; ++grid)
    EXPECT_NE(run(body, grid), "");
}

TEST_F(EmulationTest, MissingSecondBarrier) {
  EXPECT_NE(
      run(std::string(kExchange) + "  store i32 %v, ptr addrspace(3) %mine\n")
          .find("with no barrier in between"),
      std::string::npos);
}

TEST_F(EmulationTest, UnwrittenSharedMemory) {
  EXPECT_NE(run(R"(
  %v = load i32, ptr addrspace(3) %mine
  store i32 %v, ptr addrspace(1) %slot
)")
                .find("that nobody wrote"),
            std::string::npos);
}

TEST_F(EmulationTest, OutsideOfSharedMemory) {
  EXPECT_NE(run(R"(
  %far = getelementptr i32, ptr addrspace(3) %mine, i32 1
  store i32 %t, ptr addrspace(3) %far
)")
                .find("leaves its shared memory"),
            std::string::npos);
}

TEST_F(EmulationTest, OutsideOfTensors) {
  EXPECT_NE(run(R"(
  %far = getelementptr i32, ptr addrspace(1) %slot, i32 1
  %v = load i32, ptr addrspace(1) %far
  store i32 %v, ptr addrspace(1) %slot
)")
                .find("thread 63 of block 0 reads outside of the tensors"),
            std::string::npos);
}

TEST_F(EmulationTest, ReadsConstants) {
  EXPECT_EQ(run(R"(
  %odd = and i32 %t, 1
  %from = getelementptr i32, ptr addrspace(1) @c, i32 %odd
  %v = load i32, ptr addrspace(1) %from
  store i32 %v, ptr addrspace(1) %slot
)"),
            "");
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(results[i], i % 2 ? 7 : 5);
}

TEST_F(EmulationTest, WritesConstants) {
  EXPECT_NE(run("store i32 %t, ptr addrspace(1) @c")
                .find("thread 0 of block 0 writes a constant"),
            std::string::npos);
}

TEST_F(EmulationTest, OutsideOfConstants) {
  EXPECT_NE(run(R"(
  %from = getelementptr i32, ptr addrspace(1) @c, i32 %t
  %v = load i32, ptr addrspace(1) %from
  store i32 %v, ptr addrspace(1) %slot
)")
                .find("thread 2 of block 0 reads outside of the tensors"),
            std::string::npos);
}

TEST_F(EmulationTest, DivergentBarrier) {
  EXPECT_NE(run(R"(
  %first = icmp ult i32 %t, 32
  br i1 %first, label %wait, label %end
wait:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br label %end
end:
)")
                .find("wait at different barriers or shuffles"),
            std::string::npos);
}

TEST_F(EmulationTest, DivergentShuffle) {
  EXPECT_NE(run(R"(
  %first = icmp ult i32 %t, 16
  br i1 %first, label %wait, label %end
wait:
  %v = call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %t, i32 1, i32 31)
  store i32 %v, ptr addrspace(1) %slot
  br label %end
end:
)")
                .find("wait at different barriers or shuffles"),
            std::string::npos);
}

/// Each thread writes its number, and ten times that of its block, where the
/// same thread of the cluster's other block reads it; the second block's
/// threads store what they read.
constexpr char kOverCluster[] = R"(
  call void @llvm.nvvm.barrier.cluster.arrive.relaxed.aligned()
  call void @llvm.nvvm.barrier.cluster.wait.aligned()
  %rank = and i32 %b, 1
  %to = xor i32 %rank, 1
  %far = call ptr addrspace(7) @llvm.nvvm.mapa.shared.cluster(ptr addrspace(3) %mine, i32 %to)
  %tens = mul i32 %b, 100
  %number = add i32 %tens, %t
  store i32 %number, ptr addrspace(7) %far
  call void @llvm.nvvm.barrier.cluster.arrive.aligned()
  call void @llvm.nvvm.barrier.cluster.wait.aligned()
  %v = load i32, ptr addrspace(3) %mine
  %second = icmp eq i32 %rank, 1
  br i1 %second, label %store, label %end
store:
  store i32 %v, ptr addrspace(1) %slot
  br label %end
end:
)";

/// `text` without its line number `number` that holds `part`.
std::string erase(std::string text, const std::string &part, int number) {
  size_t begin = 0;
  for (int i = 0; i <= number; ++i)
    begin = text.find(part, begin) + 1;
  begin = text.rfind('\n', begin) + 1;
  return text.erase(begin, text.find('\n', begin) - begin);
}

TEST_F(EmulationTest, BlocksOfAClusterExchangeValues) {
  // The last cluster is that of the blocks 8 and 9.
  EXPECT_EQ(run(kOverCluster, 10, 2), "");
  for (int i = 0; i < 64; ++i)
    EXPECT_EQ(results[i], 800 + i);
}

TEST_F(EmulationTest, GridThatIsNoMultipleOfAClusters) {
  EXPECT_NE(run(kOverCluster, 3, 2).find("no multiple of a cluster"),
            std::string::npos);
}

TEST_F(EmulationTest, BlockThatMayNotHaveStarted) {
  std::string body = erase(kOverCluster, "arrive.relaxed", 0);
  EXPECT_NE(
      run(erase(body, "cluster.wait", 0), 2, 2).find("may not have started"),
      std::string::npos);
}

TEST_F(EmulationTest, MissingBarrierOfACluster) {
  std::string body = erase(kOverCluster, "arrive.aligned", 0);
  body = erase(body, "cluster.wait", 1);
  for (int64_t grid = 2; grid <= 8; grid += 2)
    EXPECT_NE(run(body, grid, 2), "");
}

TEST_F(EmulationTest, BarrierOfABlockIsNoneOfItsCluster) {
  std::string body = kOverCluster;
  size_t begin =
      body.find("  call void @llvm.nvvm.barrier.cluster.arrive.aligned");
  body.insert(begin,
              "  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n");
  body = erase(erase(body, "arrive.aligned", 0), "cluster.wait", 1);
  EXPECT_NE(run(body, 2, 2), "");
}

TEST_F(EmulationTest, RelaxedBarrierOrdersNothing) {
  std::string body = kOverCluster;
  body.insert(body.find("aligned()", body.find("store i32")), "relaxed.");
  EXPECT_NE(run(body, 2, 2).find("with no barrier in between"),
            std::string::npos);
}

TEST_F(EmulationTest, WaitWithoutArrival) {
  EXPECT_NE(run(erase(kOverCluster, "arrive.relaxed", 0), 2, 2)
                .find("that it has not come to"),
            std::string::npos);
}

TEST_F(EmulationTest, BlockThatMayHaveEnded) {
  // Threads of the first block do nothing more; others write there.
  EXPECT_NE(run(R"(
  call void @llvm.nvvm.barrier.cluster.arrive.aligned()
  call void @llvm.nvvm.barrier.cluster.wait.aligned()
  %rank = and i32 %b, 1
  %second = icmp eq i32 %rank, 1
  br i1 %second, label %wait, label %end
wait:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %far = call ptr addrspace(7) @llvm.nvvm.mapa.shared.cluster(ptr addrspace(3) %mine, i32 0)
  store i32 %t, ptr addrspace(7) %far
  br label %end
end:
)",
                2, 2)
                .find("may have ended"),
            std::string::npos);
}

TEST_F(EmulationTest, UnknownIntrinsic) {
  EXPECT_EQ(run("  call void @llvm.nvvm.membar.gl()\n"),
            "the emulation lacks 'llvm.nvvm.membar.gl'");
}

} // namespace
